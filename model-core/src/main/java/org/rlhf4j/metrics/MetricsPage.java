package org.rlhf4j.metrics;

/** Writes the documentation page of all metrics. */
public final class MetricsPage {
  private MetricsPage() {}

  /** The page {@code docs/metrics.md}, Markdown. */
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# Metrics\n\n");
    page.append("Made from `org.rlhf4j.metrics.Metric`; `TestMetric` fails when it is stale.\n");
    page.append("A file `metrics/STAGE.jsonl` has one object per step:\n");
    page.append("`{\"step\": n, \"<metric>\": value, ...}`.\n");
    page.append("The metrics of step n are those of the minibatch before its update.\n");
    page.append(
        "With `validation/` before its name, a metric is that on the validation split after\n");
    page.append("an epoch.\n\n");
    page.append("| metric | unit | meaning |\n|---|---|---|\n");
    for (Metric metric : Metric.values()) {
      page.append(
          String.format(
              "| `%s` | %s | %s |\n",
              metric.key(), escape(metric.unit()), escape(metric.meaning())));
    }
    return page.toString();
  }

  private static String escape(String text) {
    return text.replace("|", "\\|");
  }
}
