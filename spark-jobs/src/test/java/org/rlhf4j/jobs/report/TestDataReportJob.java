package org.rlhf4j.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.data.dataset.Annotator;
import org.rlhf4j.data.dataset.AnnotatorWindow;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferenceCycle;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;
import org.rlhf4j.jobs.dataset.Storage;

@Tag("spark")
class TestDataReportJob {
  private static final String EVIL = "<script>alert(1)</script>\u0003";

  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final Datasets datasets = new Datasets(spark, OutputFormat.JSONL);
  private final DataReportJob job =
      new DataReportJob(datasets, new Storage(new Configuration()), Optional.empty());

  @Test
  void showsWhatPrepareAndQualityFound() throws IOException {
    Path prepared = Files.createDirectories(folder.resolve("prepared"));
    Files.writeString(
        prepared.resolve("summary.json"),
        """
        {"read": 7, "kept": 1, "quarantined": 5, "duplicates": 1, "near_duplicates": 6543,
         "truncated": 8765, "reasons": {"tie": 5},
         "files": [{"path": "a.jsonl", "read": 7, "kept": 1, "quarantined": 5, "duplicates": 1,
                    "reasons": {"tie": 5}}]}
        """);
    publish(prepared, PreferencePair.class, List.of(pair()));
    publish(prepared, QuarantinedRow.class, List.of(bad(5), bad(3), bad(1), bad(4), bad(2)));
    Path quality = Files.createDirectories(folder.resolve("quality"));
    Files.writeString(
        quality.resolve("quality.json"),
        """
        {"items": 9, "first_chosen": 0.625, "krippendorff_alpha": {"nominal": 0.5, "ratio": null},
         "rankings": {"groups": 1, "cycles": 1, "groups_unconverged": 0},
         "annotator_model": {"name": "dawid-skene", "iterations": 100, "converged": false},
         "screening": {"policy": "drop", "votes_dropped": 77},
         "intervals": {"krippendorff_alpha_nominal": [0.25, 0.75]}}
        """);
    publish(quality, Annotator.class, List.of(annotator("a", ""), annotator("b", "drift fast")));
    publish(
        quality, AnnotatorWindow.class, List.of(window("a", 1), window("b", 1), window("b", 2)));
    publish(
        quality,
        PreferenceCycle.class,
        List.of(step(2, "y", "z"), step(1, "x", "y"), step(3, "z", "x")));

    DataReportJob.Result result =
        job.execute(
            List.of(prepared.toString(), quality.toString()), folder.resolve("out").toString());

    assertThat(result.datasets()).isEqualTo(1);
    String page = Files.readString(folder.resolve("out/data.html"));
    assertThat(page)
        .contains("a.jsonl", "tie 5", "train 1", "prompt, characters", "mean 6.0, longest 6")
        .contains("krippendorff_alpha_nominal", "0.250 to 0.750", "0.625")
        .contains("near_duplicates", "6543", "truncated", "8765")
        .contains("groups_unconverged", "x &gt; y &gt; z &gt; x", "dawid-skene")
        .contains("<span class=\"flag\">no</span>", "Annotators who drift", "2026-01-02T00:00:00Z")
        .contains("<td class=\"number\">2.0e-09</td>") // and not 0.000
        .contains("longer response chosen in preferences", "drift fast", "Screening: drop", "77")
        .contains("f, row 1: ", "f, row 2: ", "f, row 3: ", "&lt;script&gt;alert(1)", "…")
        .doesNotContain(
            "2026-01-01T00:00:00Z", "row 4", "<script", "\u0003", "krippendorff_alpha_ratio");
    assertThat(page.indexOf("drift fast")).isLessThan(page.indexOf("<td>a</td>"));
  }

  /** Which sources are told apart depends on all rows, wherever they lie. */
  @Test
  void theLargestSourcesAreToldApart() throws IOException {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 1203; i++) {
      prompts.add(
          new Prompt(
              "p" + i, Split.TRAIN, i < 1200 ? "source" + i : "zz", List.of(Message.text("Why?"))));
    }
    publish(folder, Prompt.class, prompts);

    job.execute(List.of(folder.toString()), folder.resolve("report").toString());

    assertThat(folder.resolve("report/data.html"))
        .content()
        .contains("zz 3<br>", "(others) 201<br>");
  }

  @Test
  void outputOfPrepareAloneHasAPage() throws IOException {
    publish(folder, PreferencePair.class, List.of(pair()));

    job.execute(List.of(folder.toString()), folder.resolve("report").toString());

    assertThat(folder.resolve("report/data.html"))
        .content()
        .contains("Lengths")
        .doesNotContain("Annotators", "Agreement");
  }

  @Test
  void directoryWithoutDataIsRefused() {
    assertThatThrownBy(() -> job.execute(List.of(folder.toString()), folder.toString()))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("holds no output of prepare or quality");
  }

  private <R extends Record> void publish(Path directory, Class<R> dataset, List<R> rows) {
    String name = DatasetSchema.of(dataset).name();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    datasets.publish(
        directory.resolve(name).toString(),
        dataset,
        context.parallelize(rows, 2),
        "test",
        List.of());
  }

  private static PreferencePair pair() {
    return new PreferencePair(
        "p",
        "p",
        "q",
        Split.TRAIN,
        "s",
        List.of(new Message("user", "Why? 🙂")),
        "longer",
        "short",
        Optional.empty(),
        1,
        Optional.empty(),
        Optional.empty());
  }

  private static QuarantinedRow bad(int row) {
    return new QuarantinedRow("f", row, "tie", EVIL, EVIL.repeat(30));
  }

  private static AnnotatorWindow window(String annotator, int number) {
    String day = "2026-01-0%dT00:00:00Z".formatted(annotator.equals("a") ? 1 : 2);
    return new AnnotatorWindow(annotator, number, day, day, 20, 0.5, -4);
  }

  private static PreferenceCycle step(int step, String thing, String beaten) {
    return new PreferenceCycle("g", 1, step, thing, beaten);
  }

  private static Annotator annotator(String name, String flags) {
    return new Annotator(
        name,
        3,
        0.5,
        0.5,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(2e-9),
        Optional.empty(),
        flags,
        1,
        4);
  }
}
