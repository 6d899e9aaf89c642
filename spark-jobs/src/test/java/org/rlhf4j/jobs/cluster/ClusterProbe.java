package org.rlhf4j.jobs.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.factory.Nd4j;
import org.rlhf4j.decoder.DecoderModel;

/** A job that asks every executor how it sees the application; its argument is the output file. */
public final class ClusterProbe {
  private ClusterProbe() {}

  /**
   * What one task found.
   *
   * @param executor the executor's id in Spark
   * @param process the process id of the executor's JVM
   * @param ompThreads the environment variable OMP_NUM_THREADS
   * @param sameLoader whether one class loader holds DL4J and our model classes
   * @param fromSparkHome whether that loader is the one that holds Spark
   * @param sum 1 + 2 + 3, added by ND4J's native library
   */
  record Finding(
      String executor,
      long process,
      String ompThreads,
      boolean sameLoader,
      boolean fromSparkHome,
      double sum)
      implements Serializable {}

  public static void main(String[] arguments) throws IOException {
    SparkSession spark = SparkSession.builder().appName("cluster probe").getOrCreate();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Finding> findings =
        context.parallelize(List.of(0, 1), 2).map(index -> ClusterProbe.look()).collect();
    new ObjectMapper().writeValue(Path.of(arguments[0]).toFile(), findings);
    spark.stop();
  }

  private static Finding look() {
    ClassLoader ours = DecoderModel.class.getClassLoader();
    return new Finding(
        SparkEnv.get().executorId(),
        ProcessHandle.current().pid(),
        String.valueOf(System.getenv("OMP_NUM_THREADS")),
        ours == MultiLayerNetwork.class.getClassLoader() && ours == Nd4j.class.getClassLoader(),
        ours == SparkEnv.class.getClassLoader(),
        Nd4j.createFromArray(1.0, 2.0, 3.0).sumNumber().doubleValue());
  }
}
