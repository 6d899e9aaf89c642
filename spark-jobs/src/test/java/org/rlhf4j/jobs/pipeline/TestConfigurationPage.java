package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TestConfigurationPage {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  @Test
  void describesEveryKey() throws IOException {
    String page = RunConfig.format().page();
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE)
        .as("docs/configuration.md is stale: run this test with -Ddocs.update=true")
        .hasContent(page);
  }
}
