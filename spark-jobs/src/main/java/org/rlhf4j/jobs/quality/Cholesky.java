package org.rlhf4j.jobs.quality;

/** Lower triangular factor L of a positive definite matrix L L^T, [n][n]. */
final class Cholesky {
  private final double[][] factor;

  /**
   * @param matrix overwritten by its factor, [n][n]
   */
  Cholesky(double[][] matrix) {
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= matrix[i][k] * matrix[j][k];
        }

        matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
      }
    }

    this.factor = matrix;
  }

  /** x with L L^T x = b, [n]. */
  double[] solve(double[] b) {
    double[] x = b.clone();
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= factor[i][k] * x[k];
      }
      x[i] /= factor[i][i];
    }

    for (int i = x.length - 1; i >= 0; i--) {
      for (int k = i + 1; k < x.length; k++) {
        x[i] -= factor[k][i] * x[k];
      }
      x[i] /= factor[i][i];
    }

    return x;
  }

  double[][] inverse() {
    int n = factor.length;
    double[][] inverse = new double[n][];
    for (int i = 0; i < n; i++) {
      double[] unit = new double[n];
      unit[i] = 1;
      inverse[i] = solve(unit);
    }

    return inverse;
  }
}
