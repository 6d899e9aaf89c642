package org.rlhf4j.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rlhf4j.config.ConfigFormat;

class TestConfFiles {
  private static final Path CONF = Path.of("../conf");

  @Test
  void everyFileLoads() throws IOException {
    int files = 0;
    try (DirectoryStream<Path> yaml = Files.newDirectoryStream(CONF, "*.yaml")) {
      for (Path file : yaml) {
        ConfigFormat.Source source =
            new ConfigFormat.Source(file.toString(), Files.readString(file));
        RunConfig config = RunConfig.format().read(Optional.of(source), List.of());
        assertThat(config.rlhf().model().contextLength())
            .as("%s: prompt and response must fit the context", file)
            .isGreaterThanOrEqualTo(
                config.rlhf().data().maxPromptTokens()
                    + Math.max(
                        config.rlhf().data().maxResponseTokens(),
                        config.rlhf().generation().maxNewTokens()));
        files++;
      }
    }
    assertThat(files).isPositive();
  }
}
