package org.rlhf4j.jobs.train;

import java.util.Collection;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What of Deeplearning4j's {@code TrainingMaster} a master of one kind of network over minibatches
 * does not have: graphs, hooks, files of minibatches, statistics of its own.
 */
sealed interface MinibatchMaster extends TrainingMaster<RoundResult, RoundWorker>
    permits RoundMaster {
  @Override
  default RoundWorker getWorkerInstance(SparkComputationGraph graph) {
    throw unsupported();
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
  default String toJson() {
    throw unsupported();
  }

  @Override
  default String toYaml() {
    throw unsupported();
  }

  @Override
  default void executeTrainingPaths(
      SparkDl4jMultiLayer network,
      SparkComputationGraph graph,
      JavaRDD<String> trainingDataPaths,
      DataSetLoader dsLoader,
      MultiDataSetLoader mdsLoader) {
    throw unsupported();
  }

  @Override
  default void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> trainingData) {
    throw unsupported();
  }

  @Override
  default void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> trainingData) {
    throw unsupported();
  }

  @Override
  default void setCollectTrainingStats(boolean collectTrainingStats) {
    if (collectTrainingStats) {
      throw unsupported();
    }
  }

  @Override
  default boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  default SparkTrainingStats getTrainingStats() {
    throw unsupported();
  }

  @Override
  default void setListeners(Collection<TrainingListener> listeners) {
    throw unsupported();
  }

  @Override
  default void setListeners(StatsStorageRouter router, Collection<TrainingListener> listeners) {
    throw unsupported();
  }

  @Override
  default boolean deleteTempFiles(JavaSparkContext sc) {
    return true;
  }

  @Override
  default boolean deleteTempFiles(SparkContext sc) {
    return true;
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException("Only multi-layer networks over minibatches");
  }
}
