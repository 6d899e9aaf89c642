package org.rlhf4j.jobs.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.config.JudgeRewardConfig.By;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.Warnings;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.jobs.rollout.ScoreRequest;

/** Questions that a judge's context does not hold: the toy's holds 47 characters and an answer. */
@Tag("spark")
class TestLongQuestions {
  private static final int CONTEXT = 47;
  private static final String TEMPLATE = "{prompt}|{response}|";
  private static final String PAIR_TEMPLATE = "{prompt}|{first}|{second}|";
  private static final String LONG = "some words that go on and on for as long as this does";
  private static final String LONGER = "other words that go on and on for even longer than this";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Datasets DATASETS =
      new Datasets(SparkTests.session(), Datasets.OutputFormat.PARQUET);

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  private HttpServer server;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private int refusalCode = 400;
  private String refusal =
      "{\"error\": {\"message\": \"This model's maximum context length is 47 tokens.\"}}";

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/judge", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  /** The best of its answers, or a refusal of what is longer than the toy's context. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      String question = body.at("/messages/0/content").asText();
      asked.add(question);
      boolean fits = question.length() <= CONTEXT;
      String said = fits ? "{\"choices\": [{\"message\": {\"content\": \"1\"}}]}" : refusal;
      byte[] response = said.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(fits ? 200 : refusalCode, response.length);
      exchange.getResponseBody().write(response);
    }
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/judge";
  }

  private static LabelConfig label() {
    LabelConfig d = LabelConfig.DEFAULTS;
    return new LabelConfig(PAIR_TEMPLATE, d.answers(), 0.5, "grader", d.keyVariable(), 0, 2, 0, 10);
  }

  private static ScoreRequest request(String id, String prompt, String response) {
    return new ScoreRequest(id, List.of(Message.text(prompt)), response, FinishReason.STOP);
  }

  private record Scored(ScoreJob.Result result, Map<String, Double> scores) {
    double of(String id) {
      return scores.get(id);
    }
  }

  private Scored score(String judge, By by, ScoreRequest... requests) {
    String output = directory.resolve("scores").toString();
    ScoreJob.Result result =
        new JudgeScoreJob(
                SparkTests.session(),
                DATASETS,
                new JudgeRewardConfig(judge, TEMPLATE, List.of("0", "1"), by),
                label(),
                ScoreConfig.DEFAULTS)
            .execute(
                JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext())
                    .parallelize(List.of(requests), 2),
                List.of("test"),
                output);
    Map<String, Double> scores =
        DATASETS.read(output, Score.class).collect().stream()
            .collect(Collectors.toMap(Score::rolloutId, Score::rawScore));
    return new Scored(result, scores);
  }

  private LabelJob.Result label(String judge, String... texts) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < texts.length; i += 3) {
      lines.add(
          JSON.writeValueAsString(
              Map.of("prompt", texts[i], "chosen", texts[i + 1], "rejected", texts[i + 2])));
    }
    String input = Files.write(directory.resolve("pairs.jsonl"), lines).toString();
    LabelJob job = new LabelJob(SparkTests.session(), DATASETS, label(), new SplitRule(0, 0, 0));
    return judge.startsWith("http")
        ? job.execute(HttpEndpoint.of(judge, label()), input, output())
        : job.execute(judge, input, output());
  }

  private String output() {
    return directory.resolve("labelled").toString();
  }

  private static <T> T warned(Supplier<T> work, String... messages) {
    try (Warnings warnings = new Warnings()) {
      T done = work.get();
      assertThat(warnings.messages())
          .filteredOn(text -> text.contains("context of"))
          .containsExactly(messages);
      return done;
    }
  }

  @Test
  void aLongResponseIsScoredByTheStartThatFits() {
    String read = LONG.substring(0, CONTEXT - "ask||".length());
    String inTwo = LONG.substring(0, read.length() + 1);
    Scored scored =
        warned(
            () ->
                score(
                    models.policy(),
                    By.RESPONSE,
                    request("long", "ask", LONG),
                    request("one-more", "ask", inTwo),
                    request("read", "ask", read),
                    request("less", "ask", read.substring(1))),
            "2 of 4 responses do not fit into the context of "
                + models.policy()
                + " and were scored without their end");
    assertThat(scored.result().cutResponses()).isEqualTo(2);
    assertThat(scored.result().cutPrompts()).isZero();
    assertThat(scored.of("long")).isEqualTo(scored.of("read"));
    assertThat(scored.of("one-more")).isEqualTo(scored.of("read"));
    assertThat(scored.of("less")).isNotEqualTo(scored.of("read"));
  }

  @Test
  void aPromptThatLeavesNoRoomIsAnError() {
    String full = "p".repeat(CONTEXT - "||".length());
    assertThat(score(models.policy(), By.RESPONSE, request("r", full.substring(1), LONG)).scores())
        .hasSize(1);
    assertThat(score(models.policy(), By.RESPONSE, request("r", full, "")).scores()).hasSize(1);
    assertThatThrownBy(() -> score(models.policy(), By.RESPONSE, request("r", full, LONG)))
        .hasStackTraceContaining("The question about rollout r does not fit into the context");
    assertThatThrownBy(() -> score(url(), By.RESPONSE, request("r", full, LONG)))
        .hasStackTraceContaining("The question about rollout r does not fit into the context");
  }

  /** Of a pair both are cut to the same length; a response counts once, whoever it is held to. */
  @Test
  void pairsAreComparedByTheStartsThatFit() {
    Scored scored =
        warned(
            () ->
                score(
                    models.policy(),
                    By.PAIRS,
                    request("long", "ask", LONG),
                    request("same", "ask", LONG),
                    request("longer", "ask", LONGER),
                    request("short", "ask", "x")),
            "3 of 4 responses do not fit into the context of "
                + models.policy()
                + " and were scored without their end");
    int room = CONTEXT - "ask|||".length();
    Scored both = pair(LONG.substring(0, room / 2), LONGER.substring(0, room / 2));
    Scored first = pair(LONG.substring(0, room - 1), "x");
    Scored second = pair(LONGER.substring(0, room - 1), "x");
    assertThat(scored.of("long")).isEqualTo((both.of("a") + first.of("a")) / 2);
    assertThat(scored.of("same")).isEqualTo(scored.of("long"));
    assertThat(scored.of("longer")).isEqualTo((both.of("b") + second.of("a")) / 2);
    assertThat(scored.of("short")).isEqualTo((first.of("b") + second.of("b")) / 2);
    assertThat(scored.result().cutResponses()).isEqualTo(3);
  }

  private Scored pair(String first, String second) {
    return score(
        models.policy(), By.PAIRS, request("a", "ask", first), request("b", "ask", second));
  }

  @Test
  void pairsAreLabelledByTheStartsThatFit() throws IOException {
    String endless = "p".repeat(CONTEXT);
    LabelJob.Result result;
    try (Warnings warnings = new Warnings()) {
      result = label(models.policy(), "ask", LONG, "x", "ask", LONG, LONGER, endless, "a", "b");
      assertThat(warnings.messages())
          .contains(
              "3 of 4 responses in comparisons do not fit into the context of "
                  + models.policy()
                  + " and were judged without their end");
    }
    assertThat(result).isEqualTo(new LabelJob.Result(output(), 3, 2, 0, 1, 3));
    assertThat(DATASETS.read(output(), PreferencePair.class).collect())
        .flatExtracting(PreferencePair::chosen, PreferencePair::rejected)
        .containsExactlyInAnyOrder(LONG, "x", LONG, LONGER);
  }

  @Test
  void anEndpointIsAskedWithHalfOfWhatItRefuses() {
    String text = "y".repeat(100);
    Scored scored =
        warned(
            () -> score(url(), By.RESPONSE, request("r", "ask", text), request("s", "ask", "z")),
            "1 of 2 responses do not fit into the context of grader and were scored without their"
                + " end");
    assertThat(scored.of("r")).isEqualTo(1);
    assertThat(scored.result().cutResponses()).isEqualTo(1);
    assertThat(asked)
        .containsExactlyInAnyOrder(
            "ask|" + text + "|",
            "ask|" + text.substring(50) + "|",
            "ask|" + text.substring(75) + "|",
            "ask|z|");
  }

  @Test
  void anEndpointThatHoldsNoPartOfThePairLeavesItOut() throws IOException {
    LabelJob.Result result = label(url(), "p".repeat(CONTEXT), "a", "b", "ask", "c", LONG);
    assertThat(result).isEqualTo(new LabelJob.Result(output(), 2, 0, 1, 1, 1));
  }

  @Test
  void serversSayInOtherWordsWhatIsTooLong() {
    for (String words :
        List.of(
            "context_length_exceeded",
            "The model's context length is only 47 tokens",
            "the request exceeds the available context size, try increasing it",
            "prompt is too long: 60 tokens > 47 maximum",
            "The decoder prompt (length 60) is longer than the maximum model length of 47",
            "Please reduce the length of the messages or completion.",
            "The input token count (60) exceeds the maximum number of tokens allowed (47).",
            "Input validation error: `inputs` must have less than 47 tokens. Given: 60",
            "`inputs` tokens + `max_new_tokens` must be <= 47. Given: 60 `inputs` tokens")) {
      refusalCode = words.contains("inputs") ? 422 : 400;
      refusal = words;
      assertThat(score(url(), By.RESPONSE, request("r", "ask", words + LONG)).of("r")).isEqualTo(1);
    }
    refusalCode = 413;
    refusal = "";
    assertThat(score(url(), By.RESPONSE, request("r", "ask", LONG)).of("r")).isEqualTo(1);
  }

  @Test
  void otherRefusalsEndTheRun() {
    refusal = "{\"error\": {\"message\": \"logprobs are not supported\"}}";
    assertThatThrownBy(() -> score(url(), By.RESPONSE, request("r", "ask", LONG)))
        .hasStackTraceContaining("refused a question with code 400");
    refusalCode = 401;
    refusal = "the context length is none of your business";
    assertThatThrownBy(() -> score(url(), By.RESPONSE, request("s", "ask", LONG)))
        .hasStackTraceContaining("refused a question with code 401");
  }

  @Test
  void surrogatePairsStayWhole() {
    Inquiry inquiry = Inquiry.of("{response}", request("r", "ask", "a\uD83D\uDE00b"));
    assertThat(inquiry.longest()).isEqualTo(4);
    List<String> starts = List.of("a", "a\uD83D\uDE00", "a\uD83D\uDE00", "a\uD83D\uDE00b");
    for (int most = 1; most <= inquiry.longest(); most++) {
      assertThat(inquiry.questions().apply(most))
          .containsExactly(new Question(starts.get(most - 1)));
    }
    Comparison pair =
        new Comparison("id", "", Split.TRAIN, "s", List.of(Message.text("p")), "abc", "xy", 1);
    assertThat(Inquiry.of("{first}/{second}", pair).questions().apply(2))
        .containsExactly(new Question("ab/xy"), new Question("xy/ab"));
  }
}
