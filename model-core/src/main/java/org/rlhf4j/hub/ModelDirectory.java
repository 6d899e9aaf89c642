package org.rlhf4j.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;

/**
 * A model directory as {@code transformers} writes it, on a local path: {@code config.json}, {@code
 * model.safetensors} (or shards), {@code generation_config.json} and the tokenizer's files.
 */
public final class ModelDirectory {
  private ModelDirectory() {}

  /**
   * Reads config.json and the weights; the head follows {@code architectures}. F16 and BF16 weights
   * become F32.
   *
   * @throws ModelFormatException if anything is missing, malformed or unsupported; names the file
   *     and, where it is one, the tensor
   */
  public static DecoderModel load(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ModelFormatException("Model directory " + directory + " does not exist");
    }
    return new ModelReader(directory).read();
  }

  /**
   * End tokens from generation_config.json, config.json or the tokenizer, in that order; at least
   * one.
   */
  public static int[] endTokens(Path directory) {
    int[] tokens = ModelTokens.fromModelFiles(directory, "eos_token_id");
    return tokens.length > 0 ? tokens : new int[] {TokenizerFiles.read(directory).endToken()};
  }

  /**
   * Writes config.json, model.safetensors, generation_config.json and copies the tokenizer files of
   * {@code tokenizerDirectory}, whose generation settings and special tokens are kept. Creates the
   * directory; replaces files of these names.
   *
   * @throws UncheckedIOException if storage fails
   */
  public static void save(DecoderModel model, Path tokenizerDirectory, Path directory) {
    try {
      Files.createDirectories(directory);
      // Settings are read before they are replaced: both may be the same directory.
      ModelSettings settings = ModelSettings.of(tokenizerDirectory);
      copyTokenizer(tokenizerDirectory, directory);
      ModelFamily family = ModelFamilies.named(model.config().family());
      settings.writeConfig(family, model, directory.resolve("config.json"));
      settings.writeGenerationConfig(directory.resolve("generation_config.json"));
      writeWeights(model, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyTokenizer(Path source, Path target) throws IOException {
    if (Files.isSameFile(source, target)) {
      return;
    }
    for (String name : TokenizerFiles.NAMES) {
      if (Files.isRegularFile(source.resolve(name))) {
        Files.copy(source.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Under another name first, so that a killed writer leaves no half-written weights. */
  private static void writeWeights(DecoderModel model, Path directory) throws IOException {
    Path partial = directory.resolve(WeightFiles.SINGLE + ".partial");
    SafetensorsWriter.write(
        partial, "", ParameterLayout.of(model.config(), model.head()), model.weights());
    Files.move(partial, directory.resolve(WeightFiles.SINGLE), StandardCopyOption.REPLACE_EXISTING);
  }
}
