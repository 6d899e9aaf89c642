package org.rlhf4j.hub;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Header of a safetensors file: which tensor lies where. Accepts only headers whose tensors fill
 * the data section exactly, without overlap or hole, each with the length its type and shape ask
 * for.
 *
 * <p>Format: https://github.com/huggingface/safetensors, README, "Format".
 */
final class SafetensorsHeader {
  private static final int MAX_RANK = 8;
  private static final ObjectReader STRICT =
      new ObjectMapper().reader().with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  /**
   * Where one tensor lies.
   *
   * @param offset first byte, counted from the start of the data section
   * @param length bytes
   */
  record Tensor(String name, TensorType type, List<Long> shape, long offset, long length) {
    long elements() {
      return length / type.bytes();
    }
  }

  private SafetensorsHeader() {}

  /**
   * @param dataLength bytes of the file after the header
   */
  static Map<String, Tensor> parse(Path file, byte[] json, long dataLength) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Iterator<Map.Entry<String, JsonNode>> fields = root(file, json).fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!field.getKey().equals("__metadata__")) {
        tensors.put(field.getKey(), tensor(file, field.getKey(), field.getValue()));
      }
    }
    checkContiguous(file, tensors, dataLength);
    return tensors;
  }

  private static JsonNode root(Path file, byte[] json) {
    try {
      JsonNode root = STRICT.readTree(json);
      if (root != null && root.isObject()) {
        return root;
      }
      throw new ModelFormatException(file + ": the safetensors header must be a JSON object");
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          String.format(
              "%s: the safetensors header is not valid JSON: %s", file, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new ModelFormatException(
          String.format("%s: the safetensors header cannot be read: %s", file, e), e);
    }
  }

  private static Tensor tensor(Path file, String name, JsonNode node) {
    String label = node.path("dtype").asText();
    TensorType type =
        TensorType.named(label)
            .orElseThrow(() -> invalid(file, name, "has the unknown dtype \"" + label + "\""));
    List<Long> shape = longs(file, name, "shape", node.path("shape"));
    List<Long> offsets = longs(file, name, "data_offsets", node.path("data_offsets"));
    if (shape.size() > MAX_RANK) {
      throw invalid(file, name, "has more than " + MAX_RANK + " dimensions");
    }
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw invalid(file, name, "must have two ascending data_offsets, but has " + offsets);
    }
    long length = offsets.get(1) - offsets.get(0);
    if (bytes(file, name, type, shape) != length) {
      throw invalid(
          file,
          name,
          String.format("takes %d bytes, which do not fit %s %s", length, type.label(), shape));
    }
    return new Tensor(name, type, shape, offsets.get(0), length);
  }

  private static List<Long> longs(Path file, String name, String key, JsonNode node) {
    if (!node.isArray()) {
      throw invalid(file, name, "has no list \"" + key + "\"");
    }
    List<Long> values = new ArrayList<>();
    for (JsonNode value : node) {
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw invalid(file, name, "has a \"" + key + "\" that is not made of sizes");
      }
      values.add(value.longValue());
    }
    return List.copyOf(values);
  }

  private static long bytes(Path file, String name, TensorType type, List<Long> shape) {
    try {
      long bytes = type.bytes();
      for (long size : shape) {
        bytes = Math.multiplyExact(bytes, size);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw new ModelFormatException(
          String.format("%s: tensor %s has the impossible shape %s", file, name, shape), e);
    }
  }

  private static void checkContiguous(Path file, Map<String, Tensor> tensors, long dataLength) {
    List<Tensor> ordered = new ArrayList<>(tensors.values());
    ordered.sort(Comparator.comparingLong(Tensor::offset).thenComparingLong(Tensor::length));
    long end = 0;
    for (Tensor tensor : ordered) {
      if (tensor.offset() != end) {
        throw invalid(
            file,
            tensor.name(),
            String.format(
                "starts at byte %d of the data, but the one before it ends at byte %d",
                tensor.offset(), end));
      }
      end = tensor.offset() + tensor.length();
    }
    if (end != dataLength) {
      throw new ModelFormatException(
          String.format(
              "%s is truncated or has bytes to spare: its header describes %d bytes of data, but it"
                  + " holds %d",
              file, end, dataLength));
    }
  }

  private static ModelFormatException invalid(Path file, String name, String problem) {
    return new ModelFormatException(String.format("%s: tensor %s %s", file, name, problem));
  }
}
