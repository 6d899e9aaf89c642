package org.rlhf4j.jobs.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.SplitRule;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.text.TextEncoder;

@Tag("spark")
class TestLabelJob {
  private static final double FLOAT_SUMS = 1e-5;
  private static final String TEMPLATE = "{prompt}|{first}|{second}|";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SplitRule ALL_TRAIN = new SplitRule(0, 0, 0);
  private static final Datasets DATASETS =
      new Datasets(SparkTests.session(), Datasets.OutputFormat.PARQUET);

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  private HttpServer server;
  private final List<JsonNode> bodies = new ArrayList<>();
  private final List<String> keys = new ArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private int failureCode = 503;

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
  }

  /** Prefers the response with more letters x, by log-probabilities; likes what comes first. */
  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      synchronized (bodies) {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        if (failures.getAndDecrement() > 0) {
          fail(exchange);
          return;
        }
        bodies.add(body);
        keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        String[] parts = body.at("/messages/0/content").asText().split("\\|");
        double first = 0.2 + share(parts[1], parts[2]) * 0.7;
        byte[] response = completion(first).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, response.length);
        exchange.getResponseBody().write(response);
      }
    }
  }

  /** With code 200 an answer that was cut on its way. */
  private void fail(HttpExchange exchange) throws IOException {
    byte[] body =
        failureCode == 200 ? "{\"choices\": [{".getBytes(StandardCharsets.UTF_8) : new byte[0];
    exchange.getResponseHeaders().add("Retry-After", "0");
    exchange.sendResponseHeaders(failureCode, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static double share(String first, String second) {
    double a = 1 + first.chars().filter(c -> c == 'x').count();
    double b = 1 + second.chars().filter(c -> c == 'x').count();
    return a / (a + b);
  }

  private static String completion(double first) {
    return """
        {"choices": [{"message": {"content": "1"}, "logprobs": {"content": [{"top_logprobs": [
          {"token": " 1", "logprob": %s}, {"token": "2", "logprob": %s},
          {"token": "?", "logprob": -1}]}]}}]}
        """
        .formatted(Math.log(first * 0.5), Math.log((1 - first) * 0.5));
  }

  private HttpEndpoint endpoint() {
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/chat/completions";
    return HttpEndpoint.of(url, "judge-9", "secret-key");
  }

  private static LabelConfig config(int retries) {
    LabelConfig d = LabelConfig.DEFAULTS;
    return new LabelConfig(
        TEMPLATE, d.answers(), 0.5, "judge-9", d.keyVariable(), 0, 2, retries, 10);
  }

  private static LabelJob job(int retries) {
    return new LabelJob(SparkTests.session(), DATASETS, config(retries), ALL_TRAIN);
  }

  private String responses() throws IOException {
    List<String> lines = new ArrayList<>();
    String[][] texts = {{"x", "xxxx", "xx"}, {"a", "b"}, {"xxx", "a"}, {"lonely"}, {"c", "c"}};
    for (int prompt = 0; prompt < texts.length; prompt++) {
      for (int sample = 0; sample < texts[prompt].length; sample++) {
        lines.add(
            JSON.writeValueAsString(
                Map.of(
                    "rollout_id", "r" + prompt + sample,
                    "prompt", "ask " + prompt,
                    "response", texts[prompt][sample])));
      }
    }
    return Files.write(directory.resolve("responses.jsonl"), lines).toString();
  }

  private String output() {
    return directory.resolve("labelled").toString();
  }

  private List<PreferencePair> pairs() {
    return DATASETS.read(output(), PreferencePair.class).collect().stream()
        .sorted(
            Comparator.comparing((PreferencePair pair) -> pair.prompt().get(0).content())
                .thenComparing(PreferencePair::chosen)
                .thenComparing(PreferencePair::rejected))
        .toList();
  }

  @Test
  void anEndpointLabelsAllPairsOfAPromptInBothOrders() throws IOException {
    LabelJob.Result result = job(0).execute(endpoint(), responses(), output());
    // a and b have no x: the judge likes what comes first, which is no opinion
    assertThat(result).isEqualTo(new LabelJob.Result(output(), 5, 4, 1, 0, 0));
    List<PreferencePair> pairs = pairs();
    assertThat(pairs)
        .extracting(pair -> pair.chosen() + ">" + pair.rejected())
        .containsExactly("xx>x", "xxxx>x", "xxxx>xx", "xxx>a");
    assertThat(pairs.subList(0, 3))
        .allSatisfy(pair -> assertThat(pair.weight()).isEqualTo(1.0 / 3))
        .extracting(PreferencePair::groupId)
        .containsOnly(pairs.get(0).groupId());
    assertThat(pairs.get(3).groupId()).isEqualTo(pairs.get(3).pairId());
    assertThat(pairs).allSatisfy(pair -> assertThat(pair.annotator()).contains("judge-9"));
    assertThat(pairs).allSatisfy(pair -> assertThat(pair.split()).isEqualTo(Split.TRAIN));

    assertThat(bodies).hasSize(10);
    assertThat(bodies.get(0).path("model").asText()).isEqualTo("judge-9");
    assertThat(bodies.get(0).path("temperature").asDouble()).isZero();
    assertThat(keys).containsOnly("Bearer secret-key");
  }

  @Test
  void answersAreKeptAndPaidForOnce() throws IOException {
    String input = responses();
    LabelJob.Result first = job(0).execute(endpoint(), input, output());
    List<PreferencePair> pairs = pairs();
    assertThat(job(0).execute(endpoint(), input, output())).isEqualTo(first);
    assertThat(bodies).hasSize(10);
    assertThat(pairs()).isEqualTo(pairs);
    try (java.util.stream.Stream<Path> files = Files.walk(Path.of(output() + ".answers"))) {
      assertThat(
              files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".crc")))
          .hasSize(10)
          .allSatisfy(file -> assertThat(file).content().doesNotContain("secret"));
    }
  }

  @Test
  void failuresThatMayPassAreTriedAgain() throws IOException {
    failures.set(1);
    assertThat(job(2).execute(endpoint(), responses(), output()).pairs()).isEqualTo(4);
  }

  @Test
  void attemptsAreBounded() throws IOException {
    failures.set(Integer.MAX_VALUE);
    String input = responses();
    assertThatThrownBy(() -> job(0).execute(endpoint(), input, output()))
        .hasStackTraceContaining("did not answer in 1 attempts (code 503)")
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret-key"));
  }

  @Test
  void anAnswerThatCannotBeReadIsAskedForAgain() throws IOException {
    failureCode = 200;
    failures.set(1);
    String input = responses();
    assertThat(job(1).execute(endpoint(), input, output()).pairs()).isEqualTo(4);
    failures.set(Integer.MAX_VALUE);
    String other = output() + "-2";
    assertThatThrownBy(() -> job(1).execute(endpoint(), input, other))
        .hasStackTraceContaining("did not answer in 2 attempts (no chat completion); check");
  }

  @Test
  void aRefusalIsNotTriedAgain() throws IOException {
    failures.set(Integer.MAX_VALUE);
    failureCode = 401;
    String input = responses();
    assertThatThrownBy(() -> job(5).execute(endpoint(), input, output()))
        .hasStackTraceContaining("refused a question with code 401")
        .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret-key"));
  }

  private static String stackTrace(Throwable e) {
    java.io.StringWriter text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  @Test
  void theKeyIsInNoText() {
    assertThat(endpoint().toString()).contains("judge-9 at http").doesNotContain("secret");
    assertThatThrownBy(() -> HttpEndpoint.of("ftp://host/x", "m", ""))
        .isInstanceOf(JobException.class)
        .hasMessage(
            "The judge's address ftp://host/x is no http or https URL; check --judge-url or"
                + " score.judge");
    assertThatThrownBy(() -> HttpEndpoint.of("http://host/x", " ", ""))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("set label.model");
  }

  @Test
  void aModelComparesItsAnswersInBothOrders() throws IOException {
    LabelJob.Result result = job(0).execute(models.policy(), responses(), output());
    assertThat(result.comparisons()).isEqualTo(5);
    assertThat(result.pairs() + result.ties()).isEqualTo(5);
    for (PreferencePair pair : pairs()) {
      double inOrder = preference(pair, pair.chosen(), pair.rejected());
      double swapped = preference(pair, pair.rejected(), pair.chosen());
      assertThat((inOrder + 1 - swapped) / 2).isGreaterThan(0.5 - FLOAT_SUMS);
      assertThat(pair.annotator()).contains(models.policy());
    }
  }

  /** Probability that the model names the first response, by another road. */
  private static double preference(PreferencePair pair, String first, String second) {
    TextEncoder encoder = ExecutorModels.encoder(models.policy());
    String text = pair.prompt().get(0).content() + "|" + first + "|" + second + "|";
    int[] prompt = encoder.tokenizer().encode(text);
    List<TokenSequence> answers =
        List.of(
            new TokenSequence(prompt, encoder.responseTokens("1")),
            new TokenSequence(prompt, encoder.responseTokens("2")));
    try (SequenceEvaluator evaluator =
        new SequenceEvaluator(ExecutorModels.model(models.policy()), 256, 1)) {
      List<float[]> logprobs = evaluator.responseLogprobs(answers, 1.0);
      double one = Math.exp(logprobs.get(0)[0]);
      double two = Math.exp(logprobs.get(1)[0]);
      return one / (one + two);
    }
  }

  @Test
  void nothingToCompareIsAnError() throws IOException {
    Path input =
        Files.writeString(
            directory.resolve("one.jsonl"),
            "{\"rollout_id\": \"a\", \"prompt\": \"p\", \"response\": \"r\"}\n");
    assertThatThrownBy(() -> job(0).execute(models.policy(), input.toString(), output()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("one.jsonl has no two responses to one prompt");
  }

  @Test
  void templatesAreFilledInOnePass() {
    Comparison comparison =
        new Comparison(
            "id",
            "",
            Split.TRAIN,
            "s",
            List.of(new org.rlhf4j.data.dataset.Message("user", "{first} {x}")),
            "{second}",
            "b",
            1);
    assertThat(Question.of("{a} {prompt}, {first}, {second}{", comparison).text())
        .isEqualTo("{a} user: {first} {x}, {second}, b{");
    assertThat(Question.swapped("{first}/{second}", comparison).text()).isEqualTo("b/{second}");
  }

  @Test
  void aJudgeThatLikesWhatComesFirstHasNoOpinion() {
    double[] likesTheFirst = {0.75, 0.25};
    Verdict verdict = Verdict.of(null, new Opinion(List.of(likesTheFirst, likesTheFirst), 9));
    assertThat(verdict.firstProbability()).isCloseTo(0.5, within(FLOAT_SUMS));
    assertThat(verdict.isDecided(0.5)).isFalse();
    assertThat(verdict.isTooLong()).isFalse();
    assertThat(Verdict.tooLong(null).isTooLong()).isTrue();
    assertThat(Verdict.tooLong(null).isDecided(0.5)).isFalse();
  }

  @Test
  void delaysDoubleAndFollowTheOtherSide() {
    Retries retries = new Retries(5, 500, 10);
    assertThat(retries.delayMillis(1, 0)).isEqualTo(500);
    assertThat(retries.delayMillis(3, 0)).isEqualTo(2000);
    assertThat(retries.delayMillis(1, 7000)).isEqualTo(7000);
    assertThat(retries.delayMillis(40, 0)).isEqualTo(60_000);
  }
}
