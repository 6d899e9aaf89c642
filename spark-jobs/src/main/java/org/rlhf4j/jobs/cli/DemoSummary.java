package org.rlhf4j.jobs.cli;

import java.util.Locale;
import java.util.Map;

/** The last words of the demonstration, for a person. */
final class DemoSummary {
  private DemoSummary() {}

  static String of(JobResult result) {
    Map<String, Object> numbers = result.counts();
    return String.format(
        Locale.ROOT,
        """

        Tuned model   %s
        Report        %s

                           before (sft)   after (ppo)
        gold reward        %12s  %12s   (%s standard errors of the difference)
        reward model score %12s  %12s
        KL, nats/response  %12s  %12s
        Reward model: right on %s of held-out pairs, best possible %s
        """,
        numbers.get("policy"),
        numbers.get("report"),
        number(numbers, "sft_gold_score"),
        number(numbers, "policy_gold_score"),
        number(numbers, "gold_gain_standard_errors", "%+.3f"),
        number(numbers, "sft_score"),
        number(numbers, "policy_score"),
        number(numbers, "sft_kl"),
        number(numbers, "policy_kl"),
        number(numbers, "reward_accuracy"),
        number(numbers, "best_possible_accuracy"));
  }

  private static String number(Map<String, Object> numbers, String name) {
    return number(numbers, name, "%.3f");
  }

  private static String number(Map<String, Object> numbers, String name, String format) {
    return numbers.get(name) instanceof Number number
        ? String.format(Locale.ROOT, format, number.doubleValue())
        : "-";
  }
}
