package org.rlhf4j.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.config.GenerationConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.GoldenModel;
import org.rlhf4j.decoder.PackedModel;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TestBatches;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.tensor.KernelSet;

@ParameterizedClass
@EnumSource(KernelSet.class)
class TestGenerator {
  private static final float LOGPROB_TOLERANCE = 1e-5f;
  private static final int[] NO_END = {};

  @Parameter private KernelSet kernels;

  private DecoderModel model() {
    return GoldenModel.load("gpt2_tied").model().in(kernels);
  }

  static GenerationConfig config(int maxNew, int batchSize) {
    return new GenerationConfig(maxNew, 0, 1.0, 0, 1.0, false, 1, batchSize, List.of());
  }

  static List<GeneratedResponse> generate(
      DecoderModel model, GenerationConfig config, int[] endTokens, int threads, int[]... prompts) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < prompts.length; i++) {
      requests.add(new GenerationRequest(i, prompts[i], 1000 + i));
    }
    List<GeneratedResponse> responses = new ArrayList<>();
    try (Generator generator =
        new Generator(new PackedModel(model), config, endTokens, Arrays::toString, threads)) {
      generator.generate(requests.iterator(), responses::add);
    }
    responses.sort(Comparator.comparingInt(GeneratedResponse::index));
    return responses;
  }

  static int[][] prompts(int count, int vocabularySize) {
    int[] lengths = new int[count];
    Arrays.setAll(lengths, i -> 1 + i * 5 % 9);
    return TestBatches.sequences(vocabularySize, 3, lengths);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2_tied",
        "gpt2_untied_wide",
        "llama",
        "llama3_biases",
        "qwen2",
        "mistral_window",
        "qwen2_window",
        "llama_yarn"
      })
  void greedyTokensEqualThoseOfTransformers(String name) {
    GoldenModel golden = GoldenModel.load(name);
    int newTokens = golden.json().get("new_tokens").asInt();
    JsonNode penalised = golden.json().get("penalised");
    double penalty = penalised.get("repetition_penalty").asDouble();
    int[] endTokens = {penalised.get("eos_token_id").asInt()};
    int least = penalised.get("min_new_tokens").asInt();

    assertGreedy(golden, greedy(newTokens, 0, 1.0), NO_END, golden.json().get("greedy"));
    assertGreedy(golden, greedy(newTokens, least, penalty), endTokens, penalised.get("tokens"));
  }

  private static GenerationConfig greedy(int newTokens, int least, double penalty) {
    return new GenerationConfig(
        newTokens, least, 1.0, 0, 1.0, 0.0, penalty, true, 1, 1, 2, List.of());
  }

  private void assertGreedy(
      GoldenModel golden, GenerationConfig greedy, int[] endTokens, JsonNode expected) {
    int promptLength = golden.json().get("prompt").asInt();
    int[][] prompts =
        Arrays.stream(golden.sequences())
            .map(row -> Arrays.copyOf(row, promptLength))
            .toArray(int[][]::new);

    List<GeneratedResponse> responses =
        generate(golden.model().in(kernels), greedy, endTokens, 2, prompts);

    for (int i = 0; i < prompts.length; i++) {
      List<Integer> tokens = new ArrayList<>();
      expected.get(i).forEach(token -> tokens.add(token.asInt()));
      assertThat(responses.get(i).tokens())
          .as("row " + i)
          .containsExactly(tokens.stream().mapToInt(token -> token).toArray());
    }
  }

  @Test
  void logprobsEqualThoseOfTheEvaluator() {
    DecoderModel model = model();
    GenerationConfig config = new GenerationConfig(12, 4, 0.8, 0, 1.0, false, 1, 5, List.of());
    int[][] prompts = prompts(11, 37);

    List<GeneratedResponse> responses = generate(model, config, new int[] {5}, 2, prompts);

    List<TokenSequence> sequences = new ArrayList<>();
    for (int i = 0; i < prompts.length; i++) {
      sequences.add(new TokenSequence(prompts[i], responses.get(i).tokens()));
    }
    try (SequenceEvaluator evaluator = new SequenceEvaluator(model, 64, 1)) {
      List<float[]> logprobs = evaluator.responseLogprobs(sequences, 0.8);
      for (int i = 0; i < prompts.length; i++) {
        assertThat(responses.get(i).logprobs())
            .as("row " + i)
            .containsExactly(logprobs.get(i), within(LOGPROB_TOLERANCE));
      }
    }
  }

  @Test
  void endTokenEndsAResponseButNotBeforeTheMinimum() {
    DecoderModel model = model();
    int[] endTokens = java.util.stream.IntStream.range(0, 30).toArray(); // nearly always drawn
    GenerationConfig config = new GenerationConfig(12, 4, 1.0, 0, 1.0, false, 1, 8, List.of());

    List<GeneratedResponse> responses = generate(model, config, endTokens, 1, prompts(8, 37));

    for (GeneratedResponse response : responses) {
      assertThat(response.tokens().length).isGreaterThan(4);
      for (int t = 0; t < 4; t++) {
        assertThat(response.tokens()[t]).isGreaterThanOrEqualTo(30);
      }
    }
    assertThat(responses).anyMatch(response -> response.finishReason() == FinishReason.STOP);
  }

  @Test
  void stopTextEndsAResponse() {
    DecoderModel model = model();
    int[][] prompts = prompts(4, 37);
    GeneratedResponse free = generate(model, config(10, 4), NO_END, 1, prompts).get(2);
    String stop = ", " + free.tokens()[4] + "]";
    GenerationConfig config = new GenerationConfig(10, 0, 1.0, 0, 1.0, false, 1, 4, List.of(stop));

    GeneratedResponse stopped = generate(model, config, NO_END, 1, prompts).get(2);

    assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(stopped.tokens()).isEqualTo(Arrays.copyOf(free.tokens(), stopped.tokens().length));
    assertThat(stopped.tokens().length).isLessThanOrEqualTo(5);
  }

  @Test
  void lengthLimitIsTheContextWhereThatIsShorter() {
    DecoderModel model = model(); // context of 24 tokens

    GeneratedResponse response =
        generate(model, config(100, 1), NO_END, 1, new int[][] {new int[20]}).get(0);

    assertThat(response.tokens()).hasSize(4);
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
  }

  @Test
  void promptThatFillsTheContextIsRefused() {
    DecoderModel model = model();

    assertThatThrownBy(() -> generate(model, config(1, 1), NO_END, 1, new int[][] {new int[24]}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Prompt 0 has 24 tokens");
  }
}
