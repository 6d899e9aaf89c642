package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Token ids that generation_config.json and config.json name, single or as a list. */
final class ModelTokens {
  static final long MAX_CONFIG_BYTES = 16L << 20;

  /** Far above any vocabulary; keeps sizes derived from ids in range. */
  private static final int LARGEST_ID = 1 << 28;

  private static final List<String> FILES = List.of("generation_config.json", "config.json");

  private ModelTokens() {}

  /** Ids under a key of the first file that has it; empty where none has. */
  static int[] fromModelFiles(Path directory, String key) {
    for (String name : FILES) {
      Optional<JsonFile> file = JsonFile.readIfPresent(directory.resolve(name), MAX_CONFIG_BYTES);
      Optional<JsonNode> value = file.flatMap(json -> json.value(key));
      if (value.isPresent()) {
        return ids(file.get(), key, value.get());
      }
    }
    return new int[0];
  }

  private static int[] ids(JsonFile file, String key, JsonNode value) {
    int[] ids =
        value.isArray()
            ? IntStream.range(0, value.size()).map(i -> id(file, key, value.get(i))).toArray()
            : new int[] {id(file, key, value)};
    return IntStream.of(ids).distinct().toArray();
  }

  static int id(JsonFile file, String key, JsonNode node) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.intValue() < 0
        || node.intValue() > LARGEST_ID) {
      throw file.invalid(key, "a token id", node);
    }
    return node.intValue();
  }
}
