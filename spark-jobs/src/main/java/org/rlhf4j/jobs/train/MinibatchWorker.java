package org.rlhf4j.jobs.train;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** What of Deeplearning4j's {@code TrainingWorker} a worker on minibatches does not have. */
sealed interface MinibatchWorker extends TrainingWorker<RoundResult> permits RoundWorker {
  @Override
  default long getInstanceId() {
    return 0;
  }

  @Override
  default void removeHook(TrainingHook trainingHook) {
    throw unsupported();
  }

  @Override
  default void addHook(TrainingHook trainingHook) {
    throw unsupported();
  }

  @Override
  default ComputationGraph getInitialModelGraph() {
    throw unsupported();
  }

  @Override
  default RoundResult processMinibatch(DataSet dataSet, ComputationGraph graph, boolean isLast) {
    throw unsupported();
  }

  @Override
  default RoundResult processMinibatch(
      MultiDataSet dataSet, ComputationGraph graph, boolean isLast) {
    throw unsupported();
  }

  @Override
  default Pair<RoundResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet dataSet, MultiLayerNetwork network, boolean isLast) {
    throw unsupported();
  }

  @Override
  default Pair<RoundResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet dataSet, ComputationGraph graph, boolean isLast) {
    throw unsupported();
  }

  @Override
  default Pair<RoundResult, SparkTrainingStats> processMinibatchWithStats(
      MultiDataSet dataSet, ComputationGraph graph, boolean isLast) {
    throw unsupported();
  }

  @Override
  default RoundResult getFinalResult(ComputationGraph graph) {
    throw unsupported();
  }

  @Override
  default Pair<RoundResult, SparkTrainingStats> getFinalResultNoDataWithStats() {
    throw unsupported();
  }

  @Override
  default Pair<RoundResult, SparkTrainingStats> getFinalResultWithStats(MultiLayerNetwork network) {
    throw unsupported();
  }

  @Override
  default Pair<RoundResult, SparkTrainingStats> getFinalResultWithStats(ComputationGraph graph) {
    throw unsupported();
  }

  @Override
  default WorkerConfiguration getDataConfiguration() {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("Only multi-layer networks over minibatches");
  }
}
