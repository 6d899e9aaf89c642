package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** Scores by a judge in place of a reward model; a part of the section score. */
public record JudgeRewardConfig(
    @Config(
            value = "judge",
            doc =
                "Language model directory, or URL of a chat-completions endpoint (see label.model), that"
                    + " scores in place of a reward model; empty means none")
        String judge,
    @Config(
            value = "judge-template",
            doc =
                "What that judge is asked, with {prompt} and {response} to be filled in; empty is the"
                    + " question of docs/rlaif.md")
        String template,
    @Config(
            value = "judge-answers",
            doc =
                "That judge's answers from the worst, which is worth -1, to the best, worth 1, in equal"
                    + " steps")
        List<String> answers,
    @Config(
            value = "judge-by",
            doc =
                "What that judge is asked about: response, each by itself; pairs, which of two responses"
                    + " to a prompt is better, as label.template and label.answers say, and a score is 2"
                    + " p - 1, the mean over the other responses")
        By by)
    implements Serializable {
  /** What a judge is asked about. */
  public enum By {
    RESPONSE,
    PAIRS
  }

  public static final JudgeRewardConfig DEFAULTS =
      new JudgeRewardConfig("", "", List.of("1", "2", "3", "4", "5"), By.RESPONSE);

  public JudgeRewardConfig {
    for (String place : List.of("{prompt}", "{response}")) {
      check(
          template.isEmpty() || template.contains(place),
          "score.judge-template must contain %s",
          place);
    }
    // A list or, as people write it on a command line, one text with commas.
    answers =
        answers.stream().flatMap(text -> Stream.of(text.split(","))).map(String::strip).toList();
    check(
        answers.size() >= 2 && new HashSet<>(answers).size() == answers.size(),
        "score.judge-answers must be two different texts or more, but is %s",
        answers);
  }

  /** Whether a judge scores. */
  public boolean isUsed() {
    return !judge.isEmpty();
  }

  /** Whether the judge is asked over HTTP. */
  public boolean isEndpoint() {
    return isEndpoint(judge);
  }

  /** Whether a judge so named is asked over HTTP. */
  static boolean isEndpoint(String judge) {
    return judge.matches("(?i)https?://.*");
  }

  /** Worth of each answer, [answers]. */
  public double[] values() {
    double[] values = new double[answers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2.0 * i / (values.length - 1) - 1;
    }
    return values;
  }
}
