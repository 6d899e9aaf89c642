package org.rlhf4j.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.tensor.Floats;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one model directory. Everything that can be wrong is checked before memory for the weights
 * is taken: sizes in config.json are bounded by what the weight files really hold.
 */
final class ModelReader {
  private static final Logger LOG = LoggerFactory.getLogger(ModelReader.class);

  private final Path directory;

  ModelReader(Path directory) {
    this.directory = directory;
  }

  DecoderModel read() {
    JsonFile json = JsonFile.read(directory.resolve("config.json"), ModelTokens.MAX_CONFIG_BYTES);
    ModelFamilies.Architecture architecture = ModelFamilies.of(json);
    DecoderConfig config = architecture.family().readConfig(json);
    checkTokenizer(json, config);
    try (WeightFiles files = WeightFiles.open(directory)) {
      checkLayers(json, config, files);
      ParameterLayout layout = ParameterLayout.of(config, architecture.head());
      List<WeightFiles.Located> tensors = locate(architecture.family(), layout, files);
      Floats weights = Floats.allocate(layout.size());
      for (int i = 0; i < tensors.size(); i++) {
        WeightFiles.Located located = tensors.get(i);
        long offset = layout.entries().get(i).offset();
        located.file().read(located.tensor(), weights.slice(offset, located.tensor().elements()));
      }
      return new DecoderModel(config, architecture.head(), weights);
    }
  }

  private void checkTokenizer(JsonFile json, DecoderConfig config) {
    if (!TokenizerFiles.isPresent(directory)) {
      return;
    }
    int tokens = TokenizerFiles.read(directory).vocabularySize();
    if (tokens > config.vocabularySize()) {
      throw new ModelFormatException(
          String.format(
              "%s: the model has %d rows (\"vocab_size\"), but the tokenizer beside it %d tokens",
              json.path(), config.vocabularySize(), tokens));
    }
  }

  /** Each layer has tensors of its own: more layers than tensors cannot be, and are not listed. */
  private static void checkLayers(JsonFile json, DecoderConfig config, WeightFiles files) {
    if (config.layers() > files.names().size()) {
      throw new ModelFormatException(
          String.format(
              "%s asks for %d layers, but %s holds only %d tensors",
              json.path(), config.layers(), files.path(), files.names().size()));
    }
  }

  /** The tensor of each entry of the layout, in its order, type and shape checked. */
  private static List<WeightFiles.Located> locate(
      ModelFamily family, ParameterLayout layout, WeightFiles files) {
    List<WeightFiles.Located> tensors = new ArrayList<>();
    Set<String> unused = new TreeSet<>(files.names());
    for (ParameterLayout.Entry entry : layout.entries()) {
      WeightFiles.Located located = find(family, entry, files);
      check(entry, located);
      tensors.add(located);
      unused.remove(located.tensor().name());
    }
    unused.removeIf(family::isIgnored);
    if (!unused.isEmpty()) {
      LOG.warn("{} holds tensors that the model does not use: {}", files.path(), unused);
    }
    return tensors;
  }

  private static WeightFiles.Located find(
      ModelFamily family, ParameterLayout.Entry entry, WeightFiles files) {
    return family.fileNames(entry.name()).stream()
        .flatMap(name -> files.find(name).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new ModelFormatException(
                    String.format("%s has no tensor %s", files.path(), entry.name())));
  }

  private static void check(ParameterLayout.Entry entry, WeightFiles.Located located) {
    SafetensorsHeader.Tensor tensor = located.tensor();
    if (!tensor.type().holdsWeights()) {
      throw new ModelFormatException(
          String.format(
              "%s: tensor %s has dtype %s, but weights must be F32, F16 or BF16",
              located.file().path(), tensor.name(), tensor.type().label()));
    }
    List<Long> expected = Arrays.stream(entry.shape()).mapToObj(size -> (long) size).toList();
    if (!tensor.shape().equals(expected)) {
      throw new ModelFormatException(
          String.format(
              "%s: tensor %s has shape %s, but config.json asks for %s",
              located.file().path(), tensor.name(), tensor.shape(), expected));
    }
  }
}
