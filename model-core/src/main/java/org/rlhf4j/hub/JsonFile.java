package org.rlhf4j.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A small JSON object of a model directory, read as hostile input: bounded in size, depth and
 * number length (the last two by Jackson's defaults).
 */
final class JsonFile {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private final ObjectNode root;

  private JsonFile(Path path, ObjectNode root) {
    this.path = path;
    this.root = root;
  }

  static Optional<JsonFile> readIfPresent(Path path, long maxBytes) {
    return Files.isRegularFile(path) ? Optional.of(read(path, maxBytes)) : Optional.empty();
  }

  static JsonFile read(Path path, long maxBytes) {
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException("File is missing: " + path);
    }
    try {
      if (Files.size(path) > maxBytes) {
        throw new ModelFormatException(
            String.format("%s is larger than the %d bytes allowed for it", path, maxBytes));
      }
      JsonNode node = JSON.readTree(Files.readAllBytes(path));
      if (node instanceof ObjectNode object) {
        return new JsonFile(path, object);
      }
      throw new ModelFormatException(path + " must hold one JSON object");
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          String.format("%s is not valid JSON: %s", path, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new ModelFormatException(String.format("%s cannot be read: %s", path, e), e);
    }
  }

  Path path() {
    return path;
  }

  ObjectNode root() {
    return root;
  }

  /** The value of the first of the keys that is present and not null. */
  Optional<JsonNode> value(String... keys) {
    for (String key : keys) {
      JsonNode node = root.get(key);
      if (node != null && !node.isNull()) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  Optional<String> text(String key) {
    return value(key).filter(JsonNode::isTextual).map(JsonNode::textValue);
  }

  OptionalInt positiveInt(String... keys) {
    Optional<JsonNode> value = value(keys);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!value.get().isIntegralNumber()
        || !value.get().canConvertToInt()
        || value.get().intValue() <= 0) {
      throw invalid(keys[0], "a positive integer", value.get());
    }
    return OptionalInt.of(value.get().intValue());
  }

  OptionalInt nonNegativeInt(String key) {
    Optional<JsonNode> value = value(key);
    if (value.isPresent() && value.get().isIntegralNumber() && value.get().asText().equals("0")) {
      return OptionalInt.of(0);
    }
    return positiveInt(key);
  }

  OptionalDouble positiveNumber(String key) {
    Optional<JsonNode> value = value(key);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
    if (!(number > 0) || Double.isInfinite(number)) {
      throw invalid(key, "a positive number", value.get());
    }
    return OptionalDouble.of(number);
  }

  /** Whether the key is there and its value is null. */
  boolean isNull(String key) {
    return root.path(key).isNull();
  }

  /** The object under the first of the keys that is present and not null; else an empty one. */
  JsonFile object(String... keys) {
    Optional<JsonNode> value = value(keys);
    if (value.isEmpty()) {
      return new JsonFile(path, JSON.createObjectNode());
    }
    if (value.get() instanceof ObjectNode object) {
      return new JsonFile(path, object);
    }
    throw invalid(keys[0], "an object", value.get());
  }

  /** Whether the flag is set, {@code fallback} where the key is absent. */
  boolean flag(String key, boolean fallback) {
    Optional<JsonNode> value = value(key);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw invalid(key, "true or false", value.get());
    }
    return value.map(JsonNode::booleanValue).orElse(fallback);
  }

  ModelFormatException invalid(String key, String expected, JsonNode found) {
    return new ModelFormatException(
        String.format(
            "%s: \"%s\" must be %s, but is %s", path, key, expected, shortened(found.toString())));
  }

  ModelFormatException unsupported(String key, String value) {
    return new ModelFormatException(
        String.format(
            "%s: \"%s\": \"%s\" is not supported by this version", path, key, shortened(value)));
  }

  private static String shortened(String value) {
    return value.length() > 60 ? value.substring(0, 60) + "..." : value;
  }
}
