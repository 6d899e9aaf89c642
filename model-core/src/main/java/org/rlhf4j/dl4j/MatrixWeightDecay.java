package org.rlhf4j.dl4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import org.rlhf4j.decoder.ParameterLayout;

/**
 * Decoupled weight decay of matrices and embeddings; biases and normalisation gains are left alone.
 *
 * <p>Loshchilov and Hutter 2019 (arXiv:1711.05101), algorithm 2. The decay is no part of the loss.
 */
public final class MatrixWeightDecay implements Regularization {
  private static final long serialVersionUID = 1L;

  private final double coefficient;
  private final long[] offsets;
  private final long[] lengths;

  public MatrixWeightDecay(
      @JsonProperty("coefficient") double coefficient,
      @JsonProperty("offsets") long[] offsets,
      @JsonProperty("lengths") long[] lengths) {
    this.coefficient = coefficient;
    this.offsets = offsets.clone();
    this.lengths = lengths.clone();
  }

  static MatrixWeightDecay of(double coefficient, ParameterLayout layout) {
    ParameterLayout.Entry[] matrices =
        layout.entries().stream()
            .filter(entry -> entry.shape().length > 1)
            .toArray(ParameterLayout.Entry[]::new);
    long[] offsets = new long[matrices.length];
    long[] lengths = new long[matrices.length];
    for (int i = 0; i < matrices.length; i++) {
      offsets[i] = matrices[i].offset();
      lengths[i] = matrices[i].size();
    }
    return new MatrixWeightDecay(coefficient, offsets, lengths);
  }

  @JsonProperty
  public double getCoefficient() {
    return coefficient;
  }

  @JsonProperty
  public long[] getOffsets() {
    return offsets.clone();
  }

  @JsonProperty
  public long[] getLengths() {
    return lengths.clone();
  }

  @Override
  public ApplyStep applyStep() {
    return ApplyStep.POST_UPDATER;
  }

  @Override
  public void apply(INDArray param, INDArray gradView, double lr, int iteration, int epoch) {
    for (int i = 0; i < offsets.length; i++) {
      FlatMath.addScaled(param, coefficient * lr, gradView, offsets[i], lengths[i]);
    }
  }

  @Override
  public double score(INDArray param, int iteration, int epoch) {
    return 0;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public MatrixWeightDecay clone() {
    return new MatrixWeightDecay(coefficient, offsets, lengths);
  }
}
