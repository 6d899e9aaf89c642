package org.rlhf4j.jobs.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.JudgeRewardConfig;
import org.rlhf4j.config.JudgeRewardConfig.By;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.config.ScoreConfig;
import org.rlhf4j.data.dataset.FinishReason;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.Score;
import org.rlhf4j.decoder.SequenceEvaluator;
import org.rlhf4j.decoder.TokenSequence;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.ToyModels;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.model.ExecutorModels;
import org.rlhf4j.jobs.rollout.ScoreJob;
import org.rlhf4j.jobs.rollout.ScoreRequest;
import org.rlhf4j.text.TextEncoder;

@Tag("spark")
class TestJudgeScoreJob {
  private static final double FLOAT_SUMS = 1e-5;
  private static final String TEMPLATE = "{prompt}|{response}|";
  private static final String PAIR_TEMPLATE = "{prompt}|{first}|{second}|";
  private static final List<String> ANSWERS = List.of("a", "b", "c");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Datasets DATASETS =
      new Datasets(SparkTests.session(), Datasets.OutputFormat.PARQUET);

  @TempDir private static Path shared;
  private static ToyModels models;

  @TempDir private Path directory;

  @BeforeAll
  static void makeModels() {
    models = new ToyModels(shared);
  }

  private static JavaRDD<ScoreRequest> requests(int partitions, String... responses) {
    List<ScoreRequest> requests = new ArrayList<>();
    for (int i = 0; i < responses.length; i++) {
      requests.add(
          new ScoreRequest(
              "r" + i,
              List.of(Message.text("ask " + i)),
              responses[i],
              i == 0 ? FinishReason.LENGTH : FinishReason.STOP));
    }
    return JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext())
        .parallelize(requests, partitions);
  }

  private static JudgeScoreJob job(String judge) {
    return job(judge, By.RESPONSE, "", 0.5);
  }

  private static JudgeScoreJob job(String judge, By by, String template, double confidence) {
    LabelConfig d = LabelConfig.DEFAULTS;
    LabelConfig label =
        new LabelConfig(template, d.answers(), confidence, "grader", d.keyVariable(), 0, 2, 0, 10);
    return new JudgeScoreJob(
        SparkTests.session(),
        DATASETS,
        new JudgeRewardConfig(judge, TEMPLATE, ANSWERS, by),
        label,
        new ScoreConfig(ScoreConfig.MissingEnd.PENALTY, 0.25));
  }

  private Map<String, Score> scores(String judge, int partitions, String... responses) {
    String output = directory.resolve("scores-" + partitions).toString();
    ScoreJob.Result result =
        job(judge).execute(requests(partitions, responses), List.of("test"), output);
    assertThat(result).isEqualTo(new ScoreJob.Result(output, responses.length, 0, 0));
    return DATASETS.read(output, Score.class).collect().stream()
        .collect(Collectors.toMap(Score::rolloutId, score -> score));
  }

  /** Worth of a response by another road: -1, 0 and 1 by the probabilities of a, b and c. */
  private static double expected(String prompt, String response) {
    TextEncoder encoder = ExecutorModels.encoder(models.policy());
    int[] question = encoder.tokenizer().encode(prompt + "|" + response + "|");
    List<TokenSequence> answers =
        ANSWERS.stream()
            .map(answer -> new TokenSequence(question, encoder.responseTokens(answer)))
            .toList();
    try (SequenceEvaluator evaluator =
        new SequenceEvaluator(ExecutorModels.model(models.policy()), 256, 1)) {
      List<float[]> logprobs = evaluator.responseLogprobs(answers, 1.0);
      double worst = Math.exp(logprobs.get(0)[0]);
      double middle = Math.exp(logprobs.get(1)[0]);
      double best = Math.exp(logprobs.get(2)[0]);
      return (best - worst) / (worst + middle + best);
    }
  }

  @Test
  void aModelsScoreIsTheExpectedWorthOfItsAnswer() {
    Map<String, Score> scores = scores(models.policy(), 1, "xx", "y", "zzz");
    assertThat(scores.get("r1").rawScore()).isCloseTo(expected("ask 1", "y"), within(FLOAT_SUMS));
    assertThat(scores.get("r2").score()).isCloseTo(expected("ask 2", "zzz"), within(FLOAT_SUMS));
    assertThat(scores.get("r1").rawScore()).isNotEqualTo(scores.get("r2").rawScore());
    // the first has no end token
    Score cut = scores.get("r0");
    assertThat(cut.rawScore()).isCloseTo(expected("ask 0", "xx"), within(FLOAT_SUMS));
    assertThat(cut.score()).isEqualTo(cut.rawScore() - 0.25);
    assertThat(cut.penalty()).isPresent();
    assertThat(scores(models.policy(), 3, "xx", "y", "zzz")).isEqualTo(scores);
  }

  /** Three responses to one prompt, one of them twice; another prompt with one response. */
  private static JavaRDD<ScoreRequest> groups(int partitions) {
    List<ScoreRequest> requests = new ArrayList<>();
    for (String response : List.of("x", "yy", "z", "x")) {
      requests.add(request("r" + requests.size(), "ask", response));
    }
    requests.add(request("r4", "alone", "x"));
    return JavaSparkContext.fromSparkContext(SparkTests.session().sparkContext())
        .parallelize(requests, partitions);
  }

  private static ScoreRequest request(String id, String prompt, String response) {
    return new ScoreRequest(id, List.of(Message.text(prompt)), response, FinishReason.STOP);
  }

  private Map<String, Score> scoresOfGroups(int partitions, double confidence) {
    String output = directory.resolve("pairs-" + partitions + "-" + confidence).toString();
    job(models.policy(), By.PAIRS, PAIR_TEMPLATE, confidence)
        .execute(groups(partitions), List.of("test"), output);
    return DATASETS.read(output, Score.class).collect().stream()
        .collect(Collectors.toMap(Score::rolloutId, score -> score));
  }

  /** By another road: 2 p - 1, p the mean over both orders that the first response is better. */
  private static double preference(String first, String second) {
    return (firstAnswer(first, second) - firstAnswer(second, first));
  }

  private static double firstAnswer(String first, String second) {
    TextEncoder encoder = ExecutorModels.encoder(models.policy());
    int[] question = encoder.tokenizer().encode("ask|" + first + "|" + second + "|");
    List<TokenSequence> answers =
        List.of(
            new TokenSequence(question, encoder.responseTokens("1")),
            new TokenSequence(question, encoder.responseTokens("2")));
    try (SequenceEvaluator evaluator =
        new SequenceEvaluator(ExecutorModels.model(models.policy()), 256, 1)) {
      List<float[]> logprobs = evaluator.responseLogprobs(answers, 1.0);
      return 1 / (1 + Math.exp(logprobs.get(1)[0] - logprobs.get(0)[0]));
    }
  }

  @Test
  void aResponsesScoreIsHowOftenItIsPreferredToTheOthers() {
    Map<String, Score> scores = scoresOfGroups(1, 0.5);
    double xy = preference("x", "yy");
    double xz = preference("x", "z");
    double yz = preference("yy", "z");
    assertThat(xy).isNotCloseTo(0, within(FLOAT_SUMS));
    assertThat(scores.get("r0").rawScore()).isCloseTo((xy + xz) / 2, within(FLOAT_SUMS));
    assertThat(scores.get("r1").rawScore()).isCloseTo((yz - xy) / 2, within(FLOAT_SUMS));
    assertThat(scores.get("r2").rawScore()).isCloseTo((-xz - yz) / 2, within(FLOAT_SUMS));
    assertThat(scores.get("r3").score()).isEqualTo(scores.get("r0").score());
    assertThat(scores.get("r4").score()).isZero();
    assertThat(scoresOfGroups(3, 0.5)).isEqualTo(scores);
  }

  @Test
  void pairsThatTheJudgeIsNotSureOfAreTies() {
    assertThat(scoresOfGroups(1, 0.999).values()).allMatch(score -> score.score() == 0);
  }

  @Test
  void anEndpointsAnswersAreRead() throws IOException {
    List<String> questions = Collections.synchronizedList(new ArrayList<>());
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/judge", exchange -> grade(exchange, questions));
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/judge";
      Map<String, Score> scores = scores(url, 1, "half", "bad", "say", "none");
      assertThat(scores.get("r0").rawScore()).isCloseTo(0.5, within(FLOAT_SUMS));
      assertThat(scores.get("r1").rawScore()).isEqualTo(-1);
      assertThat(scores.get("r2").rawScore()).isEqualTo(1);
      assertThat(scores.get("r3").rawScore()).isCloseTo(0.0, within(FLOAT_SUMS));
      assertThat(scores(url, 1, "half", "bad", "say", "none")).isEqualTo(scores);
    } finally {
      server.stop(0);
    }
    assertThat(questions)
        .containsExactlyInAnyOrder("ask 0|half|", "ask 1|bad|", "ask 2|say|", "ask 3|none|");
  }

  /** By log-probabilities where it has an opinion, else by text, else something else. */
  private static void grade(HttpExchange exchange, List<String> questions) throws IOException {
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody());
      String question = body.at("/messages/0/content").asText();
      questions.add(question);
      String answer =
          question.contains("half")
              ? said("", Map.of("b", Math.log(0.3), " c", Math.log(0.3)))
              : said(
                  question.contains("bad") ? "a" : question.contains("say") ? "c." : "?", Map.of());
      byte[] response = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, response.length);
      exchange.getResponseBody().write(response);
    }
  }

  private static String said(String text, Map<String, Double> logprobs) {
    String tokens =
        logprobs.entrySet().stream()
            .map(
                e ->
                    String.format("{\"token\": \"%s\", \"logprob\": %s}", e.getKey(), e.getValue()))
            .collect(Collectors.joining(","));
    return String.format(
        "{\"choices\": [{\"message\": {\"content\": \"%s\"}, \"logprobs\": {\"content\":"
            + " [{\"top_logprobs\": [%s]}]}}]}",
        text, tokens);
  }

  @Test
  void placesOfTheTemplateAreFilled() {
    assertThat(Question.of("{response}/{prompt}/{first}", List.of(Message.text("p")), "{prompt}"))
        .isEqualTo(new Question("{prompt}/p/{first}"));
    assertThat(Optional.of(Question.USUAL_GRADE))
        .get()
        .asString()
        .contains("{prompt}", "{response}");
  }
}
