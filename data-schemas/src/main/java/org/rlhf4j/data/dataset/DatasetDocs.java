package org.rlhf4j.data.dataset;

import java.util.List;

/** Writes the documentation of the datasets from their records. */
public final class DatasetDocs {
  /** All datasets, in the order in which a pipeline makes them. */
  public static final List<Class<? extends Record>> DATASETS =
      List.of(
          PreferencePair.class,
          Demonstration.class,
          Prompt.class,
          Rating.class,
          QuarantinedRow.class,
          NearDuplicate.class,
          ItemVotes.class,
          DroppedVote.class,
          Annotator.class,
          AnnotatorWindow.class,
          AnnotatorPair.class,
          Confusion.class,
          Ranking.class,
          PreferenceCycle.class,
          Rollout.class,
          Score.class,
          Experience.class,
          Evaluation.class);

  private DatasetDocs() {}

  /** One section per dataset, with a table of its columns; Markdown. */
  public static String sections() {
    StringBuilder page = new StringBuilder();
    for (Class<? extends Record> dataset : DATASETS) {
      append(page, DatasetSchema.of(dataset));
    }

    return page.toString();
  }

  private static void append(StringBuilder page, DatasetSchema<?> schema) {
    page.append(
        "\n### `%s`\n\n%s. Schema version %d.\n\n"
            .formatted(schema.name(), schema.doc(), schema.version()));
    page.append("| column | type | meaning |\n|---|---|---|\n");
    for (DatasetColumn column : schema.columns()) {
      String optional = column.isOptional() ? ", may be null" : "";
      page.append(
          "| `%s` | %s%s | %s |\n"
              .formatted(column.name(), column.type().documentedName(), optional, column.doc()));
    }
  }
}
