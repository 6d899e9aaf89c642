package org.rlhf4j.jobs.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.ConfigException;
import org.rlhf4j.config.DataConfig;
import org.rlhf4j.config.DataConfig.OverLength;
import org.rlhf4j.config.ModelConfig;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.model.InitJob;

@Tag("spark")
class TestPromptLimit {
  private static final int[] PROMPT = {1, 2, 3, 4, 5};

  @Test
  void contextAndSettingBothLimit() {
    assertThat(limit(0, 10, 6).maxTokens()).isEqualTo(4);
    assertThat(limit(3, 10, 6).maxTokens()).isEqualTo(3);
    assertThat(limit(9, 10, 6).maxTokens()).isEqualTo(4);
  }

  @Test
  void longPromptsAreLeftOutOrCut() {
    assertThat(new PromptLimit(5, OverLength.QUARANTINE).apply(PROMPT)).contains(PROMPT);
    assertThat(new PromptLimit(4, OverLength.QUARANTINE).apply(PROMPT)).isEmpty();
    assertThat(new PromptLimit(2, OverLength.TRUNCATE_LEFT).apply(PROMPT))
        .hasValueSatisfying(tokens -> assertThat(tokens).containsExactly(4, 5));
    assertThat(new PromptLimit(2, OverLength.TRUNCATE_RIGHT).apply(PROMPT))
        .hasValueSatisfying(tokens -> assertThat(tokens).containsExactly(1, 2));
  }

  @Test
  void refusesResponsesThatFillTheContext() {
    assertThatThrownBy(() -> limit(0, 64, 64))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "generation.max-new-tokens must leave room for a prompt in the model's context of 64"
                + " tokens, but is 64");
  }

  @Test
  void promptsMustFitEveryModel(@TempDir Path directory) {
    ToyModels toys = new ToyModels(directory);
    String critic = directory.resolve("critic").toString();
    new InitJob()
        .execute(toys.tokenizer(), new ModelConfig("gpt2", 1, 2, 0, 16, 0, 20, true), 1, critic);
    RolloutModels models = RolloutModels.ofPolicy(toys.policy());

    int alone = PromptLimit.of(DataConfig.DEFAULTS, models, 8).maxTokens();
    int withCritic = PromptLimit.of(DataConfig.DEFAULTS, models.withCritic(critic), 8).maxTokens();

    assertThat(alone).isEqualTo(48 - 8);
    assertThat(withCritic).isEqualTo(20 - 8);
  }

  private static PromptLimit limit(int maxPromptTokens, int contextLength, int maxNewTokens) {
    return PromptLimit.of(
        new DataConfig(maxPromptTokens, 0, OverLength.QUARANTINE), contextLength, maxNewTokens);
  }
}
