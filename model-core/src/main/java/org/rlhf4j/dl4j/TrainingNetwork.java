package org.rlhf4j.dl4j;

import java.util.List;
import org.deeplearning4j.config.DL4JClassLoading;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Gemm;
import org.rlhf4j.tensor.OpenBlasCore;

/**
 * A Deeplearning4j network of one {@link DecoderLayer}, with its flat vectors at hand. Not
 * thread-safe.
 */
public final class TrainingNetwork {
  static {
    OpenBlasCore.tell();
    // ND4J looks custom classes up in the loader that was current when it was initialised, which on
    // an executor need not be the application's.
    DL4JClassLoading.setDl4jClassloaderFromClass(TrainingNetwork.class);
    ND4JClassLoading.setNd4jClassloaderFromClass(TrainingNetwork.class);
    // Nothing here leaves garbage worth a full collection every few seconds.
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    Gemm.useOneThread();
  }

  private final MultiLayerNetwork network;
  private final DecoderLayer layer;
  private final Floats parameters;
  private final Floats updaterState;

  /**
   * What one step measured on its minibatch before the update.
   *
   * @param loss of the minibatch
   * @param statistics of the objective
   * @param gradientNorm global L2 norm, before clipping
   * @param learningRate of this step
   * @param tokens tokens of the minibatch's sequences
   * @param seconds wall time of the step
   */
  public record Step(
      double loss,
      double[] statistics,
      double gradientNorm,
      double learningRate,
      int tokens,
      double seconds)
      implements java.io.Serializable {}

  /** A network with zero weights; see {@link #parameters()}. */
  public TrainingNetwork(MultiLayerConfiguration configuration) {
    MultiLayerConfiguration own = configuration.clone();
    DecoderLayerConf conf = (DecoderLayerConf) own.getConf(0).getLayer();
    network = new MultiLayerNetwork(own);
    network.init(Nd4j.create(DataType.FLOAT, 1, conf.parameterCount()), false);
    layer = (DecoderLayer) network.getLayer(0);
    parameters = FlatViews.of(network.params());
    INDArray state = network.getUpdater().getStateViewArray();
    updaterState = state == null ? Floats.allocate(0) : FlatViews.of(state);
  }

  /**
   * A network from its configuration's JSON. Executors must come this way: it sets the class loader
   * before Deeplearning4j looks for this project's classes.
   */
  public static TrainingNetwork fromJson(String configurationJson) {
    return new TrainingNetwork(MultiLayerConfiguration.fromJson(configurationJson));
  }

  /**
   * Configuration of a network that trains all weights of this decoder.
   *
   * @param totalSteps length of the learning-rate schedule
   * @param temperature divides the logits (language model only)
   */
  public static MultiLayerConfiguration configuration(
      DecoderConfig decoder,
      DecoderHead head,
      Objective objective,
      OptimizerConfig optimizer,
      long totalSteps,
      double temperature) {
    return configuration(
        decoder, head, Adapters.NONE, objective, optimizer, totalSteps, temperature);
  }

  /**
   * Configuration of a network that trains adapters of this decoder, and its scalar head if it has
   * one; it needs {@link #useFrozen}.
   *
   * @param totalSteps length of the learning-rate schedule
   * @param temperature divides the logits (language model only)
   */
  public static MultiLayerConfiguration configuration(
      DecoderConfig decoder,
      DecoderHead head,
      Adapters adapters,
      Objective objective,
      OptimizerConfig optimizer,
      long totalSteps,
      double temperature) {
    DecoderLayerConf layer = new DecoderLayerConf(decoder, head, adapters, objective, temperature);
    layer.setIUpdater(updater(optimizer, totalSteps));
    if (optimizer.gradientClip() > 0) {
      // There is only one layer: its norm is the global norm.
      layer.setGradientNormalization(GradientNormalization.ClipL2PerLayer);
      layer.setGradientNormalizationThreshold(optimizer.gradientClip());
    }
    if (optimizer.weightDecay() > 0) {
      layer.setRegularization(
          List.of(MatrixWeightDecay.of(optimizer.weightDecay(), layer.trainedLayout())));
    }
    return new NeuralNetConfiguration.Builder()
        .dataType(DataType.FLOAT)
        .miniBatch(false) // losses are means already
        .trainingWorkspaceMode(WorkspaceMode.NONE)
        .inferenceWorkspaceMode(WorkspaceMode.NONE)
        .list()
        .layer(layer)
        .build();
  }

  private static IUpdater updater(OptimizerConfig optimizer, long totalSteps) {
    LearningRateSchedule schedule =
        new LearningRateSchedule(
            optimizer.schedule(), optimizer.learningRate(), optimizer.warmupSteps(), totalSteps);
    return optimizer.updater() == Updater.ADAM
        ? new FusedAdam(schedule, optimizer.adamEpsilon())
        : new Sgd(schedule);
  }

  /** The network itself, as Deeplearning4j's Spark classes want it. */
  public MultiLayerNetwork network() {
    return network;
  }

  public Objective objective() {
    return layer.objective();
  }

  /** Whether adapters are trained, beside weights that {@link #useFrozen} sets. */
  public boolean hasAdapters() {
    return layer.layerConf().adapters().exist();
  }

  /**
   * Sets the weights that adapters stand beside. They are shared and only read; neither averaged
   * nor shipped, they are no parameters of the network.
   */
  public void useFrozen(Floats weights) {
    layer.useFrozen(weights);
  }

  /** What {@link #useFrozen} set; of length 0 where all weights are trained. */
  public Floats frozen() {
    return layer.frozen();
  }

  /** The flat trained weights, shared. */
  public Floats parameters() {
    return parameters;
  }

  /** The updater's flat state, shared; of length 0 where it has none. */
  public Floats updaterState() {
    return updaterState;
  }

  /** Steps taken so far: the updater's and the schedule's clock. */
  public long steps() {
    return network.getIterationCount();
  }

  public void setSteps(long steps) {
    network.setIterationCount(Math.toIntExact(steps));
  }

  /** Kernel threads of the following steps. */
  public void useThreads(int threads) {
    layer.useThreads(threads);
  }

  /**
   * One optimiser step.
   *
   * @throws DivergedException before the weights are touched, if loss or gradient are not finite
   */
  public Step fit(DataSet minibatch) {
    long start = System.nanoTime();
    double learningRate =
        layer.layerConf().getIUpdater().getLearningRate(network.getIterationCount(), 0);
    network.fit(minibatch);
    DecoderLayer.Measurement measured = layer.measurement();
    return new Step(
        measured.loss(),
        measured.statistics(),
        measured.gradientNorm(),
        learningRate,
        measured.tokens(),
        (System.nanoTime() - start) * 1e-9);
  }

  /**
   * Statistics of the objective on a minibatch, without a step. May run on several threads at once
   * as long as nobody fits.
   *
   * @param threads kernel threads
   */
  public double[] evaluate(DataSet minibatch, int threads) {
    return evaluate(minibatch, layer.objective(), threads);
  }

  /**
   * Statistics of an objective on a minibatch, without a step. May run on several threads at once
   * as long as nobody fits.
   *
   * @param objective reads the minibatch's first channels; it need not be the network's own
   * @param threads kernel threads
   */
  public double[] evaluate(DataSet minibatch, Objective objective, int threads) {
    return layer.evaluate(
        Minibatch.of(minibatch.getFeatures(), minibatch.getLabels()), objective, threads);
  }

  /**
   * Statistics of an objective on a minibatch, and its gradient, without a step. May run on several
   * threads at once as long as nobody fits.
   *
   * @param objective reads the minibatch's first channels; it need not be the network's own
   * @param gradient set to d loss / d parameters, [N]; of length 0 where it is not wanted
   * @param threads kernel threads
   */
  public double[] gradient(DataSet minibatch, Objective objective, Floats gradient, int threads) {
    return layer.gradient(
        Minibatch.of(minibatch.getFeatures(), minibatch.getLabels()), objective, gradient, threads);
  }

  /**
   * @throws DivergedException if a weight is not finite
   */
  public void requireFinite() {
    if (!Double.isFinite(FlatMath.sumOfSquares(network.params()))) {
      throw new DivergedException("a weight is not finite");
    }
  }
}
