package org.rlhf4j.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;

class TestReportJob {
  @TempDir private Path run;
  private final ReportJob job = new ReportJob(new Storage(new Configuration()));

  @Test
  void showsNumbersAndCurves() throws IOException {
    write(
        "run.json",
        "{\"started\": \"2026-01-02T03:04:05Z\", \"stages\": "
            + "[{\"name\": \"sft\", \"seconds\": 75.5}]}");
    write("config.yaml", "kl:\n  controller: adaptive\n  target: 2.5\n");
    write(
        "metrics/ppo.jsonl",
        "{\"step\":1,\"objective/kl\":1.5}\n{\"step\":2,\"objective/kl\":2}\n");
    write("metrics/evaluation.json", evaluation("Lima."));
    ReportJob.Result result = job.execute(run.toString());

    String page = Files.readString(run.resolve("report/index.html"));
    assertThat(result.page()).endsWith("report/index.html");
    assertThat(page)
        .contains("1.250 ± 0.100", "3.500 ± 0.200", "2.250 ± 0.210", "10.700", "Lima.")
        .contains("KL to the reference, nats per response", "target", "<polyline")
        .contains("1 min 15 s", "target: 2.5");
    assertThat(result.events()).isEqualTo(2);
    assertThat(run.resolve("tensorboard/ppo/events.out.tfevents.0.rlhf4j")).isNotEmptyFile();
  }

  @Test
  void showsWhereScoreAndTruthPart() throws IOException {
    write("run.json", "{}");
    StringBuilder rows = new StringBuilder();
    for (int step = 1; step <= 4; step++) {
      double d = step - 1;
      double gold = d == 0 ? 5 : 5 + d * (2 - 0.8 * Math.log(d)); // peak at exp(2 / 0.8 - 1)
      rows.append(
          "{\"step\":%d,\"objective/kl\":%s,\"objective/score\":%s,\"objective/gold-score\":%s}\n"
              .formatted(step, d * d, 3 * d, gold));
    }
    write("metrics/ppo.jsonl", rows.toString());
    write(
        "metrics/evaluation.json",
        """
        {"best_of": [
          {"n": 1, "kl_to_reference": 0, "score": {"mean": 1}, "gold_score": {"mean": 1}},
          {"n": 2, "kl_to_reference": 0.25, "score": {"mean": 2}, "gold_score": {"mean": 1.25}},
          {"n": 4, "kl_to_reference": 1, "score": {"mean": 3}, "gold_score": {"mean": 1}}]}
        """);
    job.execute(run.toString());
    String page = Files.readString(run.resolve("report/index.html"));
    assertThat(page)
        .contains("On-policy optimisation: gain against sqrt(KL)", "gold, fitted")
        .contains("gold gain = d (2.000 - 0.800 log d), d = sqrt(KL): peak at d = 4.48")
        .contains("Best of n: gain against sqrt(KL)")
        .contains("gold gain = d (1.000 - 1.000 d), d = sqrt(KL): peak at d = 0.50");
  }

  @Test
  void showsWhereTheRewardModelIsRight() throws IOException {
    write("run.json", "{}");
    write(
        "metrics/evaluation.json",
        """
        {"reward_model": {"pairs": 5, "accuracy": 0.8, "accuracy_interval": [0.5, 0.9],
          "by_label_margin": [],
          "by_split": {
            "test": {"pairs": 5, "accuracy": 0.8, "accuracy_interval": [0.5, 0.9]},
            "train": {"pairs": 6, "accuracy": 0.95, "accuracy_interval": [0.7, 1]}},
          "calibration": [
            {"confidence": 0.55, "pairs": 4, "accuracy": 0.75, "accuracy_interval": [0.2, 0.9]},
            {"confidence": 0.95, "pairs": 1, "accuracy": 1, "accuracy_interval": [0.3, 1]}],
          "by_region": [
            {"from": -1.5, "to": 0, "pairs": 2, "accuracy": 0.25, "accuracy_interval": [0, 0.75]},
            {"from": 1, "to": 1, "pairs": 3, "accuracy": 1, "accuracy_interval": [0.5, 1]}],
          "by_annotator": {
            "<b>": {"pairs": 4, "accuracy": 0.5, "accuracy_interval": [0.1, 0.9]},
            "eve": {"pairs": 1, "accuracy": 0, "accuracy_interval": [0, 0.8]}}}}
        """);
    job.execute(run.toString());
    String page = Files.readString(run.resolve("report/index.html"));
    assertThat(page)
        .contains("Accuracy by split", "0.950 (0.700 to 1)")
        .contains("Accuracy by mean score of the pair", "-1.500 to 0", "0.250 (0 to 0.750)")
        .contains("Calibration: accuracy against confidence, %", "as claimed", "95 %, low")
        .contains("Accuracy by annotator", "&lt;b&gt;", "0.500 (0.100 to 0.900)")
        .doesNotContain("margin that the annotators gave", "<b>");
  }

  @Test
  void textOfModelsCannotBecomeMarkup() throws IOException {
    write("run.json", "{}");
    write("config.yaml", "a: \"</pre><script>alert(1)</script>\"\n");
    write(
        "metrics/evaluation.json",
        evaluation("<script>alert(1)</script><img src=x onerror=y>\\u0003"));
    job.execute(run.toString());
    String page = Files.readString(run.resolve("report/index.html"));
    assertThat(page)
        .doesNotContain("<script", "<img", "\u0003")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;\uFFFD");
  }

  @Test
  void runThatHasHardlyBegunHasAPage() throws IOException {
    write("run.json", "{}");
    job.execute(run.toString());
    assertThat(run.resolve("report/index.html"))
        .content()
        .contains("Wall time")
        .doesNotContain("data.html");
  }

  @Test
  void pageAboutTheDataIsLinkedWhereThereIsOne() throws IOException {
    write("run.json", "{}");
    write("report/data.html", "data");
    write("datasets/summary.json", "{\"read\": 1}");
    job.execute(run.toString());
    assertThat(run.resolve("report/index.html")).content().contains("<a href=\"data.html\">");
  }

  @Test
  void directoryWithoutRunIsRefused() {
    assertThatThrownBy(() -> job.execute(run.toString()))
        .isInstanceOf(JobException.class)
        .hasMessage(run + " is no run directory (it has no run.json); check --run-dir");
    assertThat(run).isEmptyDirectory();
  }

  private static String evaluation(String response) {
    return """
        {"checkpoints": [
           {"checkpoint_id": "sft", "gold_score": {"mean": 1.25, "standard_error": 0.1}},
           {"checkpoint_id": "policy", "gold_score": {"mean": 3.5, "standard_error": 0.2}}],
         "comparisons": [{"checkpoint_id": "policy", "gold_score":
           {"difference": 2.25, "standard_error": 0.21, "standard_errors": 10.7, "win_rate": 0.9}}],
         "samples": [{"prompt": "Capital of Peru?",
           "responses": [{"checkpoint_id": "sft", "response": "%s", "score": 0.5}]}]}
        """
        .formatted(response);
  }

  private void write(String name, String text) throws IOException {
    Path file = run.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
