package org.rlhf4j.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestRlhfConfig {
  private static final ConfigFormat<RlhfConfig> FORMAT = ConfigFormat.rlhf();
  private static final ConfigSchema<RlhfConfig> SCHEMA = new ConfigSchema<>(RlhfConfig.DEFAULTS);

  /** Keys whose only accepted value is the default until more exists. */
  private static final Set<String> ONE_VALUE = Set.of("lora.rank");

  @Test
  void defaults() {
    assertThat(FORMAT.read(Optional.empty(), List.of())).isEqualTo(RlhfConfig.DEFAULTS);
  }

  @Test
  void contractDefaults() {
    Map<String, Object> values = SCHEMA.values(RlhfConfig.DEFAULTS);
    assertThat(values)
        .containsEntry("prepare.validation-share", 0.05)
        .containsEntry("prepare.test-share", 0.05)
        .containsEntry("prepare.split-seed", 0L)
        .containsEntry("prepare.max-bad-share", 0.05)
        .containsEntry("trainer.workers", 1)
        .containsEntry("trainer.averaging-frequency", 1)
        .containsEntry("trainer.device", TrainerConfig.Device.AUTO)
        .containsEntry("lora.rank", 0)
        .containsEntry("dpo.beta", 0.1)
        .containsEntry("generation.temperature", 1.0)
        .containsEntry("generation.greedy", false)
        .containsEntry("generation.samples-per-prompt", 1)
        .containsEntry("ppo.clip-range", 0.2)
        .containsEntry("ppo.value-clip-range", 0.2)
        .containsEntry("ppo.gamma", 1.0)
        .containsEntry("ppo.gae-lambda", 0.95)
        .containsEntry("ppo.adam-epsilon", 1e-5)
        .containsEntry("advantages.whiten", true)
        .containsEntry("score.missing-end", ScoreConfig.MissingEnd.PENALTY)
        .containsEntry("score.missing-end-penalty", 1.0)
        .containsEntry("seed", 0L)
        .containsEntry("log.debug", false);
  }

  @Test
  void explicitMappingsCoverEveryKey() {
    Map<String, Object> values = SCHEMA.values(allKeys());
    SCHEMA
        .keys()
        .forEach(
            (key, setting) -> {
              if (!ONE_VALUE.contains(key)) {
                assertThat(values.get(key)).as(key).isNotEqualTo(setting.defaultValue());
              }
            });
    assertThat(allKeys().ppoOptimizer().learningRate()).isEqualTo(1e-2);
    assertThat(allKeys().ppo().iterations()).isEqualTo(9);
    assertThat(allKeys().rewardOptimizer().batchSize()).isEqualTo(6);
    assertThat(allKeys().pipeline().input()).containsExactly("a.jsonl", "b/*.parquet");
    assertThat(allKeys().generation().stop()).containsExactly("\n");
  }

  @Test
  void writtenSettingsReadBackTheSame() {
    String yaml = FORMAT.write(allKeys());
    assertThat(read(yaml)).isEqualTo(allKeys());
    assertThat(FORMAT.hash(read(yaml))).isEqualTo(FORMAT.hash(allKeys()));
  }

  @Test
  void hashFollowsEverySettingButTheLog() {
    String before = FORMAT.hash(RlhfConfig.DEFAULTS);
    assertThat(FORMAT.hash(set("kl.target=5"))).isNotEqualTo(before);
    assertThat(FORMAT.hash(set("log.debug=true"))).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed=1.5 | seed must be a whole number, but is 1.5 (--set seed=1.5)",
        "ppo.epochs=four | ppo.epochs must be a whole number, but is \"four\" (--set ppo.epochs=four)",
        "ppo.epochs=0 | ppo.epochs must be positive, but is 0",
        "prepare.source-weights=[a] | prepare.source-weights must be SOURCE=FACTOR with a factor"
            + " from 0, but has a",
        "prepare.source-weights=[a=1,a=2] | prepare.source-weights names a source twice: a=2",
        "sft.learning-rate=0 | sft.learning-rate must be positive, but is 0.0",
        "score.judge-by=pair | score.judge-by must be one of response, pairs, but is \"pair\""
            + " (--set score.judge-by=pair)",
        "kl.controller=adaptiv | kl.controller must be one of adaptive, fixed, but is \"adaptiv\""
            + " (--set kl.controller=adaptiv)",
        "advantages.whiten=yes | advantages.whiten must be true or false, but is \"yes\""
            + " (--set advantages.whiten=yes)",
        "ppo.clip-rnge=0.1 | Unknown key ppo.clip-rnge (--set ppo.clip-rnge=0.1);"
            + " did you mean ppo.clip-range?",
        "ppo=3 | ppo is a section (--set ppo=3); write its settings below it",
        "ppo | --set ppo has no key and value; write --set key.path=value",
        "model.family=bert | model.family must be gpt2, llama, qwen2 or mistral, but is bert",
        "model.heads=3 | model.hidden-size must be a positive multiple of model.heads (3), but is 256",
        "model.kv-heads=2 | model.kv-heads must be 0 or model.heads (4) for the family gpt2, but is 2",
        "trainer.device=cuda | trainer.device is cuda, but this build computes on the processor; build"
            + " with -Pcuda, or set it to auto or cpu",
        "lora.rank=-1 | lora.rank must be 0 (all weights are trained) or positive, but is -1",
        "lora.alpha=0 | lora.alpha must be positive, but is 0.0",
        "lora.targets= | lora.targets must name at least one linear layer, auto or all-linear, but is"
            + " empty",
        "ppo.algorithm=gpro | ppo.algorithm must be one of reinforce, a2c, actor-critic-q, trpo, ppo-kl, ppo, rloo, grpo, online-dpo, but"
            + " is \"gpro\" (--set ppo.algorithm=gpro)",
        "advantages.estimator=gea | advantages.estimator must be one of auto, gae, reward-to-go,"
            + " leave-one-out, group, q-critic, but is \"gea\" (--set advantages.estimator=gea)",
        "ppo.dual-clip=0.5 | ppo.dual-clip must be above 1, or 0 for none, but is 0.5",
        "kl.target= | kl.target must be a number, but is empty (--set kl.target=)",
        "kl.target=.nan | kl.target must be a number, but is \".nan\" (--set kl.target=.nan)",
      })
  void refusesOption(String option, String message) {
    assertThatThrownBy(() -> set(option)).isInstanceOf(ConfigException.class).hasMessage(message);
  }

  @Test
  void targetsOfAdaptersMayBeOneText() {
    assertThat(set("lora.targets=q_proj, v_proj").lora().targets())
        .containsExactly("q_proj", "v_proj");
    assertThat(set("lora.targets=[q_proj, v_proj]").lora().targets())
        .containsExactly("q_proj", "v_proj");
  }

  @Test
  void refusesHeadsThatALlamaCannotHave() {
    assertThatThrownBy(() -> read("model: {family: llama, kv-heads: 3}"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("model.kv-heads must divide model.heads (4), but is 3");
    assertThatThrownBy(() -> read("model: {family: qwen2, hidden-size: 12}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("model.hidden-size must be an even multiple of model.heads (4)");
  }

  @Test
  void refusalNamesFileAndLine() {
    assertThatThrownBy(() -> read("ppo:\n  epochs: 2\n  clip-rnge: 0.1\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Unknown key ppo.clip-rnge (a.yaml, line 3); did you mean ppo.clip-range?");
    assertThatThrownBy(() -> read("seed: '1'"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("seed must be a whole number, but is \"1\" (a.yaml, line 1)");
  }

  @Test
  void refusesKeyTwice() {
    assertThatThrownBy(() -> read("ppo:\n  epochs: 2\nppo.epochs: 3\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("ppo.epochs is set twice in a.yaml, lines 2 and 3; keep one");
    assertThatThrownBy(() -> read("seed: 1\nseed: 1\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("seed is set twice");
  }

  @Test
  void refusesWhatIsNotYaml() {
    assertThatThrownBy(() -> read("ppo: [1,\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("a.yaml, line ")
        .hasMessageContaining("not valid YAML");
    assertThatThrownBy(() -> read("- 1\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("a.yaml must hold keys and values at its top");
    assertThatThrownBy(() -> read("seed: 1\n---\nseed: 2\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("a.yaml holds more than one YAML document; keep one");
  }

  @Test
  void optionWinsOverFileAndLaterOptionOverEarlier() {
    RlhfConfig config =
        FORMAT.read(
            Optional.of(new ConfigFormat.Source("a.yaml", "seed: 1\nkl.target: 2")),
            List.of("seed=2", "seed=3"));
    assertThat(config.seed()).isEqualTo(3);
    assertThat(config.kl().target()).isEqualTo(2.0);
  }

  @Test
  void listOnTheCommandLine() {
    assertThat(set("generation.stop=[\"a\", \"b, c\"]").generation().stop())
        .containsExactly("a", "b, c");
    assertThat(set("pipeline.input=a:b.jsonl").pipeline().input()).containsExactly("a:b.jsonl");
  }

  private static RlhfConfig set(String option) {
    return FORMAT.read(Optional.empty(), List.of(option));
  }

  private static RlhfConfig read(String yaml) {
    return FORMAT.read(Optional.of(new ConfigFormat.Source("a.yaml", yaml)), List.of());
  }

  private static RlhfConfig allKeys() {
    try (InputStream file = TestRlhfConfig.class.getResourceAsStream("/config/all-keys.yaml")) {
      return read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
