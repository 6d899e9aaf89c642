package org.rlhf4j.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.OptimizerConfig;
import org.rlhf4j.config.OptimizerConfig.Schedule;
import org.rlhf4j.config.OptimizerConfig.Updater;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.objective.PpoClip;

class TestTrainingNetwork {
  private static final DecoderConfig SHAPE =
      new DecoderConfig("gpt2", 2, 2, 2, 16, 32, 24, 13, true, 1e-5);
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(1, 0, 8, 0.25, Schedule.COSINE, 3, Updater.ADAM, 1e-5, 0.1, 0.5);

  private static MultiLayerConfiguration configuration() {
    return TrainingNetwork.configuration(
        SHAPE, DecoderHead.LANGUAGE_MODEL, new PpoClip(0.2, 3), OPTIMIZER, 50, 0.7);
  }

  @Test
  void configurationSurvivesJson() {
    String json = configuration().toJson();
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(json);
    assertThat(read.toJson()).isEqualTo(json);
    DecoderLayerConf layer = (DecoderLayerConf) read.getConf(0).getLayer();
    assertThat(layer.decoder()).isEqualTo(SHAPE);
    assertThat(layer.objective()).isEqualTo(new PpoClip(0.2, 3));
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
}
