package org.rlhf4j.jobs.ppo;

/** Adam (Kingma and Ba 2015) with a learning rate that falls to 0, for {@link OptimumRun}. */
final class OptimumAdam {
  private static final double DECAY = 0.9;
  private static final double SQUARED_DECAY = 0.999;
  private static final double EPSILON = 1e-8;

  private final double learningRate;
  private final long steps;
  private final double[] mean;
  private final double[] square;
  private long step;

  OptimumAdam(int parameters, double learningRate, long steps) {
    this.learningRate = learningRate;
    this.steps = steps;
    this.mean = new double[parameters];
    this.square = new double[parameters];
  }

  /**
   * @param gradient [N]
   * @return what to subtract, [N]
   */
  double[] step(double[] gradient) {
    double rate = learningRate * Math.max(0, 1 - (double) step / steps);
    step++;
    double[] change = new double[gradient.length];
    for (int i = 0; i < gradient.length; i++) {
      mean[i] = DECAY * mean[i] + (1 - DECAY) * gradient[i];
      square[i] = SQUARED_DECAY * square[i] + (1 - SQUARED_DECAY) * gradient[i] * gradient[i];
      double unbiased = mean[i] / (1 - Math.pow(DECAY, (double) step));
      double scale = Math.sqrt(square[i] / (1 - Math.pow(SQUARED_DECAY, (double) step)));
      change[i] = rate * unbiased / (scale + EPSILON);
    }
    return change;
  }
}
