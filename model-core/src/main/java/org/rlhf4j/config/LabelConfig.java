package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/** Preferences by a model: how it is asked, and how its answers are read. */
public record LabelConfig(
    @Config(
            value = "template",
            doc =
                "What the judge is asked, with {prompt}, {first} and {second} to be filled in; empty is"
                    + " the question of docs/rlaif.md")
        String template,
    @Config(
            value = "answers",
            doc = "The judge's two answers: the first response is better, the second is")
        List<String> answers,
    @Config(
            value = "least-confidence",
            doc =
                "Pairs are left out as ties where the probability of the better response is not above"
                    + " it; at least 0.5")
        double leastConfidence,
    @Config(value = "model", doc = "Name of the model that a --judge-url is asked for")
        String model,
    @Config(
            value = "key-variable",
            doc =
                "Environment variable with the key of a --judge-url; the key itself is never logged")
        String keyVariable,
    @Config(value = "requests-per-second", doc = "Upper bound over all connections; 0 means none")
        double requestsPerSecond,
    @Config(value = "connections", doc = "Requests to a --judge-url at the same time")
        int connections,
    @Config(
            value = "retries",
            doc = "Further attempts after a request that failed for a reason that may pass")
        int retries,
    @Config(value = "timeout-seconds", doc = "Time that one request may take") int timeoutSeconds)
    implements Serializable {
  public static final LabelConfig DEFAULTS =
      new LabelConfig("", List.of("1", "2"), 0.5, "", "RLHF4J_JUDGE_KEY", 0.0, 4, 5, 60);

  public LabelConfig {
    for (String place : List.of("{prompt}", "{first}", "{second}")) {
      check(
          template.isEmpty() || template.contains(place), "label.template must contain %s", place);
    }
    // A list or, as people write it on a command line, one text with a comma.
    answers =
        answers.stream().flatMap(text -> Stream.of(text.split(","))).map(String::strip).toList();
    check(
        answers.size() == 2 && !answers.get(0).equals(answers.get(1)),
        "label.answers must be two different texts, but is %s",
        answers);
    check(
        leastConfidence >= 0.5 && leastConfidence < 1,
        "label.least-confidence must be at least 0.5 and below 1, but is %s",
        leastConfidence);
    check(
        requestsPerSecond >= 0,
        "label.requests-per-second must not be negative, but is %s",
        requestsPerSecond);
    check(connections > 0, "label.connections must be positive, but is %s", connections);
    check(retries >= 0, "label.retries must not be negative, but is %s", retries);
    check(timeoutSeconds > 0, "label.timeout-seconds must be positive, but is %s", timeoutSeconds);
  }
}
