package org.rlhf4j.dl4j;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Adam with the formula and the state layout of Deeplearning4j's own, in one vectorised pass.
 *
 * <p>Epsilon is added after the bias corrections have gone into the rate, so that it is larger
 * relative to the second moment in early steps than in PyTorch's form.
 */
public final class FusedAdam implements IUpdater {
  private static final long serialVersionUID = 1L;
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;

  private ISchedule learningRate;
  private double beta1 = BETA_1;
  private double beta2 = BETA_2;
  private double epsilon;

  /** For JSON. */
  @SuppressWarnings("unused")
  private FusedAdam() {}

  /**
   * @param epsilon in Deeplearning4j's form
   */
  public FusedAdam(ISchedule learningRate, double epsilon) {
    this.learningRate = learningRate;
    this.epsilon = epsilon;
  }

  double beta1() {
    return beta1;
  }

  double beta2() {
    return beta2;
  }

  double epsilon() {
    return epsilon;
  }

  @Override
  public long stateSize(long numParams) {
    return 2 * numParams;
  }

  @Override
  public GradientUpdater<FusedAdam> instantiate(INDArray viewArray, boolean initializeViewArray) {
    FusedAdamUpdater updater = new FusedAdamUpdater(this);
    long[] shape = {viewArray.length() / 2};
    updater.setStateViewArray(viewArray, shape, viewArray.ordering(), initializeViewArray);
    return updater;
  }

  @Override
  public GradientUpdater<FusedAdam> instantiate(
      Map<String, INDArray> updaterState, boolean initializeStateArrays) {
    FusedAdamUpdater updater = new FusedAdamUpdater(this);
    updater.setState(updaterState, initializeStateArrays);
    return updater;
  }

  @Override
  public double getLearningRate(int iteration, int epoch) {
    return learningRate.valueAt(iteration, epoch);
  }

  @Override
  public boolean hasLearningRate() {
    return true;
  }

  @Override
  public void setLrAndSchedule(double rate, ISchedule schedule) {
    learningRate = schedule;
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod")
  public FusedAdam clone() {
    return new FusedAdam(learningRate.clone(), epsilon);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FusedAdam adam
        && learningRate.equals(adam.learningRate)
        && beta1 == adam.beta1
        && beta2 == adam.beta2
        && epsilon == adam.epsilon;
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(learningRate, beta1, beta2, epsilon);
  }
}
