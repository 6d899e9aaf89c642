package org.rlhf4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.rlhf4j.data.dataset.DatasetDocs;
import org.rlhf4j.data.raw.ReasonDocs;

/**
 * The tables of {@code docs/datasets.md} are generated. To write them anew: {@code ./mvnw -pl
 * data-schemas test -Dtest=TestDatasetsPage -Ddocs.write=true}.
 */
class TestDatasetsPage {
  private static final Path PAGE = Path.of("../docs/datasets.md");

  @Test
  void tablesAreUpToDate() throws IOException {
    String page = Files.readString(PAGE);
    String expected =
        with(with(page, "reasons", ReasonDocs.table()), "datasets", DatasetDocs.sections());
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, expected);
      return;
    }

    assertThat(page)
        .as("docs/datasets.md is stale: write it anew with -Ddocs.write=true")
        .isEqualTo(expected);
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
