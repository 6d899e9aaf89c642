package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The weights of a model directory: one safetensors file, or the shards an index names. */
final class WeightFiles implements AutoCloseable {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final long MAX_INDEX_BYTES = 100_000_000;

  /** One tensor and the file it lies in. */
  record Located(SafetensorsFile file, SafetensorsHeader.Tensor tensor) {}

  private final Path main;
  private final Map<Path, SafetensorsFile> files = new HashMap<>();
  private final Map<String, Located> tensors = new TreeMap<>();

  private WeightFiles(Path main) {
    this.main = main;
  }

  static WeightFiles open(Path directory) {
    Path single = directory.resolve(SINGLE);
    Path index = directory.resolve(INDEX);
    if (!Files.isRegularFile(single) && !Files.isRegularFile(index)) {
      throw new ModelFormatException(
          String.format(
              "Model directory %s has no weights: it must hold %s or %s",
              directory, SINGLE, INDEX));
    }
    boolean sharded = !Files.isRegularFile(single);
    WeightFiles weights = new WeightFiles(sharded ? index : single);
    try {
      if (sharded) {
        weights.addShards(directory);
      } else {
        weights.addAll(single);
      }
      return weights;
    } catch (ModelFormatException e) {
      weights.close();
      throw e;
    }
  }

  private void addAll(Path path) {
    SafetensorsFile file = file(path);
    file.tensors().forEach((name, tensor) -> tensors.put(name, new Located(file, tensor)));
  }

  private void addShards(Path directory) {
    JsonFile index = JsonFile.read(main, MAX_INDEX_BYTES);
    JsonNode map = index.root().path("weight_map");
    if (!map.isObject()) {
      throw new ModelFormatException(main + " has no object \"weight_map\"");
    }
    map.fields().forEachRemaining(field -> addShard(directory, field.getKey(), field.getValue()));
  }

  private void addShard(Path directory, String name, JsonNode shard) {
    // A shard is a plain file name, so that an index cannot point out of its directory.
    if (!shard.isTextual() || !shard.textValue().matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
      throw new ModelFormatException(
          String.format("%s: tensor %s lies in the invalid file %s", main, name, shard));
    }
    Path path = directory.resolve(shard.textValue());
    if (!Files.isRegularFile(path)) {
      throw new ModelFormatException(
          String.format("%s: tensor %s lies in %s, which is missing", main, name, path));
    }
    SafetensorsFile file = file(path);
    SafetensorsHeader.Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new ModelFormatException(
          String.format("%s has no tensor %s, although %s says so", path, name, main));
    }
    tensors.put(name, new Located(file, tensor));
  }

  private SafetensorsFile file(Path path) {
    return files.computeIfAbsent(path, SafetensorsFile::open);
  }

  /** The file that messages about the whole set of weights name. */
  Path path() {
    return main;
  }

  Optional<Located> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public void close() {
    files.values().forEach(SafetensorsFile::close);
  }
}
