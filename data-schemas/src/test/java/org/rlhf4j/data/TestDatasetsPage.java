package org.rlhf4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rlhf4j.data.dataset.DatasetColumn;
import org.rlhf4j.data.dataset.DatasetDocs;
import org.rlhf4j.data.dataset.DatasetSchema;
import org.rlhf4j.data.raw.ReasonDocs;

/**
 * The tables of {@code docs/datasets.md} and of this module's README are generated. To write them
 * anew: {@code ./mvnw -pl data-schemas test -Dtest=TestDatasetsPage -Ddocs.write=true}.
 */
class TestDatasetsPage {
  @ParameterizedTest
  @ValueSource(strings = {"../docs/datasets.md", "README.md"})
  void tablesAreUpToDate(String name) throws IOException {
    Path file = Path.of(name);
    String page = Files.readString(file);
    String expected =
        with(with(page, "reasons", ReasonDocs.table()), "datasets", DatasetDocs.sections());
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, expected);
      return;
    }

    assertThat(page)
        .as(name + " is stale: write it anew with -Ddocs.write=true")
        .isEqualTo(expected);
  }

  @Test
  void everyColumnSaysWhatItMeans() {
    for (Class<? extends Record> dataset : DatasetDocs.DATASETS) {
      for (DatasetColumn column : DatasetSchema.of(dataset).columns()) {
        assertThat(column.doc()).as(dataset + ", " + column.name()).isNotBlank();
      }
    }
  }

  /** The page with what stands between two markers replaced. */
  private static String with(String page, String section, String content) {
    String begin = "<!-- generated: " + section + " -->\n";
    String end = "<!-- end: " + section + " -->";
    int start = page.indexOf(begin) + begin.length();
    int stop = page.indexOf(end);
    assertThat(stop).as("markers of section " + section).isGreaterThan(start - 1);
    return page.substring(0, start) + content + page.substring(stop);
  }
}
