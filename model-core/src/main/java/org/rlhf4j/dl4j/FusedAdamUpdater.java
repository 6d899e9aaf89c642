package org.rlhf4j.dl4j;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** State of {@link FusedAdam}: first moments, then second moments, in one view. */
final class FusedAdamUpdater implements GradientUpdater<FusedAdam> {
  private static final String FIRST_MOMENT = "M";
  private static final String SECOND_MOMENT = "V";

  private final FusedAdam config;
  private INDArray first;
  private INDArray second;

  FusedAdamUpdater(FusedAdam config) {
    this.config = config;
  }

  @Override
  public FusedAdam getConfig() {
    return config;
  }

  @Override
  public void setState(Map<String, INDArray> stateMap, boolean initialize) {
    first = stateMap.get(FIRST_MOMENT);
    second = stateMap.get(SECOND_MOMENT);
  }

  @Override
  public Map<String, INDArray> getState() {
    return Map.of(FIRST_MOMENT, first, SECOND_MOMENT, second);
  }

  @Override
  public void setStateViewArray(
      INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
    INDArray view = viewArray.reshape(viewArray.length());
    if (initialize) {
      view.assign(0);
    }
    long half = view.length() / 2;
    first = view.get(NDArrayIndex.interval(0, half));
    second = view.get(NDArrayIndex.interval(half, view.length()));
  }

  @Override
  public void applyUpdater(INDArray gradient, int iteration, int epoch) {
    int step = iteration + 1;
    double correction =
        Math.sqrt(1 - Math.pow(config.beta2(), step)) / (1 - Math.pow(config.beta1(), step));
    FlatMath.adam(
        gradient,
        first,
        second,
        config.beta1(),
        config.beta2(),
        config.getLearningRate(iteration, epoch) * correction,
        config.epsilon());
  }
}
