package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.decoder.AdaptedModel;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.objective.LanguageModeling;
import org.rlhf4j.objective.Objective;
import org.rlhf4j.objective.PolicyObjective;
import org.rlhf4j.objective.PpoClip;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.KernelSet;

@ParameterizedClass
@EnumSource(KernelSet.class)
class TestTrainingNetwork {
  private static final double ROUNDING = 1e-6;
  private static final DecoderConfig SHAPE =
      new DecoderConfig("gpt2", 2, 2, 2, 16, 32, 24, 13, true, 1e-5);
  private static final DecoderModel START =
      DecoderModel.random(SHAPE, DecoderHead.LANGUAGE_MODEL, 1);
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(1, 0, 8, 0.25, Schedule.COSINE, 3, Updater.ADAM, 1e-5, 0.1, 0.5);

  @Parameter private KernelSet kernels;

  @BeforeEach
  void choose() {
    System.setProperty(KernelSet.PROPERTY, kernels.name().toLowerCase(Locale.ROOT));
  }

  @AfterEach
  void forget() {
    System.clearProperty(KernelSet.PROPERTY);
  }

  private static MultiLayerConfiguration configuration() {
    return TrainingNetwork.configuration(
        SHAPE,
        DecoderHead.LANGUAGE_MODEL,
        PolicyObjective.of(new PpoClip(0.2, 3)),
        OPTIMIZER,
        50,
        0.7);
  }

  @Test
  void configurationSurvivesJson() {
    String json = configuration().toJson();
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(json);
    assertThat(read.toJson()).isEqualTo(json);
    DecoderLayerConf layer = (DecoderLayerConf) read.getConf(0).getLayer();
    assertThat(layer.decoder()).isEqualTo(SHAPE);
    assertThat(layer.objective()).isEqualTo(PolicyObjective.of(new PpoClip(0.2, 3)));
    assertThat(layer.temperature()).isEqualTo(0.7);
    assertThat(layer.getGradientNormalizationThreshold()).isEqualTo(0.5);
    assertThat(layer.getIUpdater()).isEqualTo(layer.getIUpdater().clone());
    assertThat(((MatrixWeightDecay) layer.getRegularization().get(0)).getCoefficient())
        .isEqualTo(0.1);
  }

  @Test
  void sharesTheNetworksOwnVectors() {
    TrainingNetwork network = new TrainingNetwork(configuration());
    long size = ParameterLayout.of(SHAPE, DecoderHead.LANGUAGE_MODEL).size();
    assertThat(network.parameters().length()).isEqualTo(size);
    assertThat(network.updaterState().length()).isEqualTo(2 * size);
    network.parameters().set(5, 3.5f);
    network.updaterState().set(size + 1, 2.5f);
    assertThat(network.network().params().getFloat(5)).isEqualTo(3.5f);
    assertThat(network.network().getUpdater().getStateViewArray().getFloat(size + 1))
        .isEqualTo(2.5f);
  }

  private static TrainingNetwork network(double gradientClip, double weightDecay) {
    OptimizerConfig sgd =
        new OptimizerConfig(
            1, 0, 8, 1.0, Schedule.CONSTANT, 0, Updater.SGD, 1e-8, weightDecay, gradientClip);
    TrainingNetwork network =
        new TrainingNetwork(
            TrainingNetwork.configuration(
                SHAPE, DecoderHead.LANGUAGE_MODEL, new LanguageModeling(), sgd, 10, 1));
    network.parameters().copyFrom(START.weights(), 0);
    return network;
  }

  private static DataSet minibatch() {
    TrainingExample.Sequence sequence =
        new TrainingExample.Sequence(
            new int[] {1, 2, 3, 4, 5}, new int[] {2, 3, 4}, new float[][] {{1, 1, 1}});
    return Minibatch.pack(List.of(new TrainingExample("a", List.of(sequence)))).toDataSet();
  }

  /** Euclidean length of the change since the start. */
  private static double change(TrainingNetwork network) {
    double sum = 0;
    for (long i = 0; i < START.weights().length(); i++) {
      double difference = network.parameters().at(i) - (double) START.weights().at(i);
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  @Test
  void clippingIsOfTheGlobalNormAndReportsTheNormBefore() {
    TrainingNetwork free = network(0, 0);
    TrainingNetwork clipped = network(0.25, 0);
    TrainingNetwork.Step step = free.fit(minibatch());
    assertThat(step.gradientNorm()).isGreaterThan(0.5);
    assertThat(change(free)).isCloseTo(step.gradientNorm(), within(ROUNDING));
    assertThat(clipped.fit(minibatch()).gradientNorm()).isEqualTo(step.gradientNorm());
    assertThat(change(clipped)).isCloseTo(0.25, within(ROUNDING));
  }

  @Test
  void weightDecayShrinksMatricesOnly() {
    TrainingNetwork plain = network(0, 0);
    TrainingNetwork decayed = network(0, 0.1);
    plain.fit(minibatch());
    decayed.fit(minibatch());
    for (ParameterLayout.Entry entry : START.layout().entries()) {
      long at = entry.offset() + 1;
      double decay = entry.shape().length > 1 ? 0.1 * START.weights().at(at) : 0;
      assertThat(plain.parameters().at(at) - (double) decayed.parameters().at(at))
          .as(entry.name())
          .isCloseTo(decay, within(ROUNDING));
    }
  }

  @Test
  void onlyAdaptersAreParameters() {
    Adapters adapters = new Adapters(2, 4, List.of("c_attn"));
    AdaptedModel start = AdaptedModel.start(START, adapters, 5);
    MultiLayerConfiguration configuration =
        TrainingNetwork.configuration(
            SHAPE,
            DecoderHead.LANGUAGE_MODEL,
            adapters,
            new LanguageModeling(),
            new OptimizerConfig(1, 0, 8, 0.1, Schedule.CONSTANT, 0, Updater.ADAM, 1e-8, 0.1, 1),
            10,
            1);
    TrainingNetwork network = TrainingNetwork.fromJson(configuration.toJson());
    Floats frozen = Floats.allocate(START.weights().length());
    frozen.copyFrom(START.weights(), 0);
    network.useFrozen(frozen);
    network.parameters().copyFrom(start.trained(), 0);

    assertThat(network.network().numParams()).isEqualTo(start.layout().size());
    assertThat(network.updaterState().length()).isEqualTo(2 * start.layout().size());
    double before = network.fit(minibatch()).loss();
    for (int step = 0; step < 5; step++) {
      network.fit(minibatch());
    }
    assertThat(network.fit(minibatch()).loss()).isLessThan(before - 0.1);
    for (long i = 0; i < frozen.length(); i++) {
      assertThat(frozen.at(i)).isEqualTo(START.weights().at(i));
    }
  }

  @Test
  void theStepIsTheLossBeforeTheUpdate() {
    TrainingNetwork network = network(0, 0);
    double[] before = network.evaluate(minibatch(), 1);
    TrainingNetwork.Step step = network.fit(minibatch());
    assertThat(step.loss())
        .isCloseTo(before[Objective.LOSS] / before[Objective.WEIGHT], within(ROUNDING));
    assertThat(network.evaluate(minibatch(), 1)[Objective.LOSS]).isLessThan(before[Objective.LOSS]);
    assertThat(network.steps()).isEqualTo(1);
  }
}
