package org.rlhf4j.jobs.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.rlhf4j.config.QualityConfig;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.jobs.dataset.Datasets;
import org.rlhf4j.jobs.dataset.Storage;
import org.rlhf4j.jobs.quality.AlphaGate;
import org.rlhf4j.jobs.quality.QualityJob;
import org.rlhf4j.jobs.quality.QualityResult;

/** How far the annotators of the preferences can be trusted. */
public final class QualityStage {
  private final SparkSession spark;
  private final Datasets.OutputFormat format;
  private final Storage storage;
  private final QualityConfig config;
  private final RunDirectory run;

  QualityStage(
      SparkSession spark,
      Datasets.OutputFormat format,
      Storage storage,
      QualityConfig config,
      RunDirectory run) {
    this.spark = spark;
    this.format = format;
    this.storage = storage;
    this.config = config;
    this.run = run;
  }

  /** Nothing to measure where no preference names its annotator. */
  Stage measureAgreement() {
    return new Stage(
        "quality", this::isPassed, () -> hasAnnotators() ? measure() : Map.of("annotators", 0));
  }

  /** A run that quality.min-alpha stopped is stopped again. */
  private boolean isPassed() {
    Path result = new Path(run.datasets(), "quality.json");
    return storage.exists(result) && AlphaGate.of(config).isPassed(storage.readText(result));
  }

  private Map<String, Object> measure() {
    return counts(
        new QualityJob(spark, config, format)
            .execute(List.of(run.dataset("preferences")), run.datasets()));
  }

  private boolean hasAnnotators() {
    Datasets datasets = new Datasets(spark, format);
    String preferences = run.dataset("preferences");
    return datasets.isPublished(preferences)
        && !datasets
            .readRows(preferences, PreferencePair.class)
            .filter("annotator is not null")
            .isEmpty();
  }

  /** The numbers of quality.json under the same names. */
  public static Map<String, Object> counts(QualityResult result) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("items", result.items());
    counts.put("annotators", result.annotators());
    counts.put("votes", result.votes());
    counts.put("quarantined", result.counts().quarantined());
    put(counts, "fleiss_kappa", result.fleissKappa());
    put(counts, "krippendorff_alpha", result.krippendorffAlpha().get(result.level()));
    put(counts, "cohen_kappa_mean", result.cohenKappaMean());
    put(counts, "pairwise_agreement", result.pairwiseAgreement());
    put(counts, "gold_agreement", result.goldAgreement());
    counts.put("screening", result.screening().policy());
    counts.put("votes_dropped", result.screening().droppedVotes());
    result
        .screening()
        .preferences()
        .ifPresent(
            rows -> {
              counts.put("preferences_kept", rows.kept());
              counts.put("preferences_dropped", rows.dropped());
            });
    return counts;
  }

  private static void put(Map<String, Object> counts, String name, Optional<Double> value) {
    value.ifPresent(v -> counts.put(name, v));
  }
}
