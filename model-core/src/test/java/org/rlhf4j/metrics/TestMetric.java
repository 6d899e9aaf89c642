package org.rlhf4j.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TestMetric {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");

  @Test
  void pageIsUpToDate() throws IOException {
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, MetricsPage.markdown());
    }
    assertThat(PAGE)
        .as("docs/metrics.md is stale: run this test with -Ddocs.update=true")
        .content()
        .isEqualTo(MetricsPage.markdown());
  }

  @Test
  void keysAreUnique() {
    assertThat(Arrays.stream(Metric.values()).map(Metric::key)).doesNotHaveDuplicates();
  }
}
