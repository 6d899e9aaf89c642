package org.rlhf4j.jobs.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rlhf4j.config.ConfigFormat;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.config.QualityConfig.Level;
import org.rlhf4j.data.dataset.ItemVotes;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.QuarantinedRow;
import org.rlhf4j.data.dataset.Ranking;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.jobs.ExitCode;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.SparkTests;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Datasets.OutputFormat;

@Tag("spark")
class TestQualityInputs {
  @TempDir private Path folder;

  private final SparkSession spark = SparkTests.session();
  private final JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
  private final Datasets datasets = new Datasets(spark, OutputFormat.JSONL);

  /** Everything is published before the gate closes, and what is not published is taken back. */
  @Test
  void ratingsAreMeasuredAndTheGateClosesAfterwards() throws IOException {
    String ratings = publishRatings();
    String out = folder.resolve("out").toString();
    datasets.publish(
        out + "/rankings", Ranking.class, context.emptyRDD(), "an earlier run", List.of());
    QualityConfig config =
        config(
            "quality.level=interval",
            "quality.min-alpha=0.99",
            "quality.bootstrap-samples=20",
            "quality.max-iterations=5");

    assertThatThrownBy(() -> job(config).execute(List.of(ratings), out))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("Krippendorff's alpha at level interval is 0.9")
        .hasMessageContaining("quality.min-alpha asks for 0.99")
        .asInstanceOf(type(JobException.class))
        .extracting(JobException::exitCode)
        .isEqualTo(ExitCode.GATE_FAILED);

    String json = Files.readString(folder.resolve("out/quality.json"));
    assertThat(AlphaGate.of(config).isPassed(json)).isFalse();
    assertThat(new AlphaGate(Level.INTERVAL, 0.9).isPassed(json)).isTrue();
    assertThat(datasets.read(out, ItemVotes.class).collect())
        .hasSize(6)
        .allMatch(item -> item.votes() == 2 && item.first().isEmpty());
    assertThat(datasets.holds(out, Ranking.class)).isFalse();

    Path votes = Files.writeString(folder.resolve("votes.jsonl"), vote(1));
    assertThatThrownBy(() -> job(config).execute(List.of(votes.toString(), ratings), out))
        .isInstanceOf(JobException.class)
        .hasMessageContaining(
            "ratings holds a published dataset, but not all inputs hold the same");
  }

  @Test
  void tooManyBadRowsAreAnErrorWithTheQuarantineKept() throws IOException {
    Path votes = folder.resolve("votes.jsonl");
    Files.writeString(votes, vote(1) + vote(2) + "{}\n{}\n{}\n");
    String out = folder.resolve("out").toString();

    assertThatThrownBy(() -> job(QualityConfig.DEFAULTS).execute(List.of(votes.toString()), out))
        .isInstanceOf(JobException.class)
        .hasMessageContaining("60.0 % of the 5 rows are no votes")
        .hasMessageContaining("quality.max-bad-share = 0.5");

    assertThat(datasets.read(out, QuarantinedRow.class).count()).isEqualTo(3);
    assertThat(folder.resolve("out/quality.json")).doesNotExist();
  }

  @Test
  void undefinedAgreementIsBelowEveryGateButNone() {
    String json = "{\"krippendorff_alpha\": {\"nominal\": 0.5, \"ratio\": null}}";

    assertThat(new AlphaGate(Level.NOMINAL, 0.5).isPassed(json)).isTrue();
    assertThat(new AlphaGate(Level.NOMINAL, 0.6).isPassed(json)).isFalse();
    assertThat(new AlphaGate(Level.RATIO, -0.9).isPassed(json)).isFalse();
    assertThat(new AlphaGate(Level.RATIO, QualityConfig.ANY_ALPHA).isPassed(json)).isTrue();
  }

  private QualityJob job(QualityConfig config) {
    return new QualityJob(spark, config, OutputFormat.JSONL);
  }

  private static QualityConfig config(String... settings) {
    return ConfigFormat.rlhf().read(Optional.empty(), List.of(settings)).quality();
  }

  private String publishRatings() {
    List<Rating> ratings = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ratings.add(
          new Rating(
              "r" + i,
              "p" + i / 4,
              Split.TRAIN,
              "s",
              List.of(new Message("user", "Why?")),
              "response " + i / 2,
              i / 2 + (i == 1 ? 1 : 0),
              Optional.of("a" + i % 2),
              1,
              Optional.empty()));
    }

    String directory = folder.resolve("ratings").toString();
    datasets.publish(directory, Rating.class, context.parallelize(ratings, 2), "test", List.of());
    return directory;
  }

  private static String vote(int item) {
    return "{\"item\": %d, \"annotator\": \"a\", \"label\": 1}\n".formatted(item);
  }
}
