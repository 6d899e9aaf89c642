package org.rlhf4j.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;

/** Model directories made by transformers: scripts/golden/models.py. */
final class GoldenModels {
  static final Path ROOT = Path.of("src/test/resources/golden/models");

  private GoldenModels() {}

  /** Weight k of a tensor, as the script defines it. */
  private static float value(String name, long k) {
    int sum = 0;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      sum += b;
    }
    return ((sum * 31L + k * 7) % 127 - 63) / 64f;
  }

  /** Names of tensors that differ from what the script wrote. */
  static List<String> differences(DecoderModel model) {
    return ParameterLayout.of(model.config(), model.head()).entries().stream()
        .filter(entry -> !isGolden(model, entry))
        .map(ParameterLayout.Entry::name)
        .toList();
  }

  private static boolean isGolden(DecoderModel model, ParameterLayout.Entry entry) {
    for (long k = 0; k < entry.size(); k++) {
      if (model.weights().at(entry.offset() + k) != value(entry.name(), k)) {
        return false;
      }
    }
    return true;
  }

  static Path copy(String name, Path target) throws IOException {
    Files.createDirectories(target);
    try (Stream<Path> files = Files.list(ROOT.resolve(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
    return target;
  }
}
