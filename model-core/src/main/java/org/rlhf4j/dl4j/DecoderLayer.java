package org.rlhf4j.dl4j;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.tensor.Floats;

/**
 * A whole decoder and its loss as the output layer of a Deeplearning4j network. Weights are read
 * from, and gradients written into, the network's own flat vectors; nothing is copied.
 */
public final class DecoderLayer extends BaseLayer<DecoderLayerConf> implements IOutputLayer {
  private static final float[] NOT_WANTED = {};

  private final transient DecoderConfig decoder;
  private final transient DecoderHead head;
  private final transient Adapters adapters;
  private final transient Objective objective;
  private final double temperature;
  private int threads = 1;
  private INDArray labels;
  private Measurement measurement;

  // Shared with the network; kept, because a decoder remembers the tensors of the last vector.
  private transient Floats weights;
  private transient Floats gradients;
  private transient Floats frozen = Floats.allocate(0);

  /**
   * What the last minibatch gave, before its update.
   *
   * @param loss of the minibatch
   * @param statistics of the objective
   * @param gradientNorm global L2 norm, before clipping
   * @param tokens tokens of its sequences, prompts included
   */
  record Measurement(double loss, double[] statistics, double gradientNorm, int tokens) {}

  DecoderLayer(NeuralNetConfiguration conf, DataType dataType) {
    super(conf, dataType);
    DecoderLayerConf layerConf = (DecoderLayerConf) conf.getLayer();
    decoder = layerConf.decoder();
    head = layerConf.head();
    adapters = layerConf.adapters();
    objective = layerConf.objective();
    temperature = layerConf.temperature();
  }

  @Override
  public void setParamsViewArray(INDArray params) {
    super.setParamsViewArray(params);
    weights = FlatViews.of(params);
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    super.setBackpropGradientsViewArray(view);
    gradients = FlatViews.of(view);
  }

  /** Kernel threads of the following steps. */
  void useThreads(int count) {
    threads = count;
  }

  /** Weights that the adapters stand beside, shared; read only. */
  void useFrozen(Floats weights) {
    frozen = weights;
  }

  Floats frozen() {
    return frozen;
  }

  Objective objective() {
    return objective;
  }

  Measurement measurement() {
    return measurement;
  }

  /**
   * Sets the flat gradient.
   *
   * @throws DivergedException before the weights are touched, if loss or gradient are not finite
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
    Minibatch minibatch = Minibatch.of(input, labels);
    float[] outputs = new float[minibatch.targets().count()];
    float[] outputGradient = new float[outputs.length];
    float[] entropies = objective.needsEntropies() ? new float[outputs.length] : NOT_WANTED;
    double[] statistics = new double[objective.statistics().length];
    double loss;
    try (DecoderPool.Lease lease = decoder(threads)) {
      Decoder kernel = lease.decoder();
      kernel.forward(weights, minibatch.batch(), temperature, outputs, entropies);
      loss =
          objective.evaluate(outputs, entropies, minibatch.targets(), outputGradient, statistics);
      kernel.backward(weights, outputGradient, gradients);
    }
    double norm = Math.sqrt(FlatMath.sumOfSquares(gradientsFlattened));
    measurement = new Measurement(loss, statistics, norm, minibatch.batch().tokens().length);
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw new DivergedException(loss, norm);
    }
    return new Pair<>(gradientOf(), null);
  }

  /** Statistics of any objective, without gradients. */
  double[] evaluate(Minibatch minibatch, Objective wanted, int kernelThreads) {
    float[] outputs = new float[minibatch.targets().count()];
    double[] statistics = new double[wanted.statistics().length];
    try (DecoderPool.Lease lease = decoder(kernelThreads)) {
      lease.decoder().evaluate(weights, minibatch.batch(), temperature, outputs);
    }
    wanted.evaluate(
        outputs, NOT_WANTED, minibatch.targets(), new float[outputs.length], statistics);
    return statistics;
  }

  /** Statistics of any objective, and its gradient if there is room for it. */
  double[] gradient(Minibatch minibatch, Objective wanted, Floats gradient, int kernelThreads) {
    float[] outputs = new float[minibatch.targets().count()];
    float[] outputGradient = new float[outputs.length];
    float[] entropies = wanted.needsEntropies() ? new float[outputs.length] : NOT_WANTED;
    double[] statistics = new double[wanted.statistics().length];
    try (DecoderPool.Lease lease = decoder(kernelThreads)) {
      Decoder kernel = lease.decoder();
      kernel.forward(weights, minibatch.batch(), temperature, outputs, entropies);
      wanted.evaluate(outputs, entropies, minibatch.targets(), outputGradient, statistics);
      if (gradient.length() > 0) {
        kernel.backward(weights, outputGradient, gradient);
      }
    }
    return statistics;
  }

  private DecoderPool.Lease decoder(int kernelThreads) {
    return DecoderPool.take(new DecoderPool.Kind(decoder, head, adapters, kernelThreads), frozen);
  }

  private Gradient gradientOf() {
    Gradient result = new DefaultGradient(gradientsFlattened);
    result.setGradientFor(FlatParameters.KEY, gradientViews.get(FlatParameters.KEY));
    return result;
  }

  @Override
  public double computeScore(
      double fullNetworkRegScore, boolean training, LayerWorkspaceMgr workspaceMgr) {
    return measurement.loss() + fullNetworkRegScore;
  }

  /** Outputs of the targets, [1, K]. Needs no labels. */
  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
    Minibatch minibatch = Minibatch.withoutLabels(input);
    float[] outputs = new float[minibatch.batch().targets().length];
    try (DecoderPool.Lease lease = decoder(threads)) {
      lease.decoder().evaluate(weights, minibatch.batch(), temperature, outputs);
    }
    return Nd4j.createFromArray(new float[][] {outputs});
  }

  @Override
  public double calcRegularizationScore(boolean backpropParamsOnly) {
    return 0;
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public void setLabels(INDArray labels) {
    this.labels = labels;
  }

  @Override
  public INDArray getLabels() {
    return labels;
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public boolean hasBias() {
    return false;
  }

  private static UnsupportedOperationException notAClassifier() {
    return new UnsupportedOperationException("A decoder is no classifier");
  }

  @Override
  public INDArray computeScoreForExamples(
      double fullNetworkRegScore, LayerWorkspaceMgr workspaceMgr) {
    throw notAClassifier();
  }

  @Override
  public double f1Score(DataSet data) {
    throw notAClassifier();
  }

  @Override
  public double f1Score(INDArray examples, INDArray labels) {
    throw notAClassifier();
  }

  @Override
  @Deprecated
  public int numLabels() {
    throw notAClassifier();
  }

  @Override
  public void fit(DataSetIterator iter) {
    throw notAClassifier();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw notAClassifier();
  }

  @Override
  public List<String> predict(DataSet dataSet) {
    throw notAClassifier();
  }

  @Override
  public void fit(INDArray examples, INDArray labels) {
    throw notAClassifier();
  }

  @Override
  public void fit(DataSet data) {
    throw notAClassifier();
  }

  @Override
  public void fit(INDArray examples, int[] labels) {
    throw notAClassifier();
  }

  @Override
  public String toString() {
    return "DecoderLayer" + Arrays.asList(decoder, head, objective);
  }
}
