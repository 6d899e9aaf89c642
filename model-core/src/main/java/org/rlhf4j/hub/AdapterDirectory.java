package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.rlhf4j.decoder.AdaptedModel;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.decoder.DecoderModel;
import org.rlhf4j.decoder.ParameterLayout;
import org.rlhf4j.tensor.Floats;

/**
 * Low-rank adapters as PEFT writes them, in the directory {@value #NAME} of the model they were
 * merged into: {@code adapter_config.json} and {@code adapter_model.safetensors}.
 */
public final class AdapterDirectory {
  private static final String NAME = "adapter";
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  /** PEFT wraps the model twice. */
  private static final String PREFIX = "base_model.model.";

  private AdapterDirectory() {}

  /**
   * @param written the model they were merged into, as it is published: its scalar head, and its
   *     last norm where that is not the base's, are saved in full
   * @param base name or path of the frozen model, for PEFT to load it
   * @param modelDirectory gets the directory of the adapters; exists
   * @throws UncheckedIOException if storage fails
   */
  public static void save(
      AdaptedModel model, DecoderModel written, String base, Path modelDirectory) {
    Path directory = modelDirectory.resolve(NAME);
    ParameterLayout layout = layout(model, written);
    Floats values = values(model, written, layout);
    try {
      Files.createDirectories(directory);
      byte[] config =
          JsonFile.JSON
              .writerWithDefaultPrettyPrinter()
              .writeValueAsBytes(config(model, layout, base));
      Files.write(directory.resolve(CONFIG), config);
      SafetensorsWriter.write(directory.resolve(WEIGHTS), PREFIX, layout, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is trained, and the last norm if a {@link ScoreNormalization} changed it. */
  private static ParameterLayout layout(AdaptedModel model, DecoderModel written) {
    ParameterLayout layout = model.layout();
    ParameterLayout of = written.layout();
    boolean isSame =
        of.entries().stream()
            .filter(AdapterDirectory::isLastNorm)
            .allMatch(entry -> isSame(entry, model.base().weights(), written.weights()));
    for (ParameterLayout.Entry entry : of.entries()) {
      if (!isSame && isLastNorm(entry)) {
        layout = layout.with(entry);
      }
    }
    return layout;
  }

  private static boolean isLastNorm(ParameterLayout.Entry entry) {
    return entry.name().startsWith(ScoreNormalization.NORM + ".");
  }

  private static boolean isSame(ParameterLayout.Entry entry, Floats one, Floats other) {
    long end = entry.offset() + entry.size();
    return LongStream.range(entry.offset(), end).allMatch(i -> one.at(i) == other.at(i));
  }

  private static Floats values(AdaptedModel model, DecoderModel written, ParameterLayout layout) {
    Floats values = Floats.allocate(layout.size());
    values.copyFrom(model.trained(), 0);
    for (ParameterLayout.Entry entry : layout.entries()) {
      if (written.layout().contains(entry.name())) {
        long from = written.layout().entry(entry.name()).offset();
        values.copyFrom(written.weights().slice(from, entry.size()), entry.offset());
      }
    }
    return values;
  }

  private static ObjectNode config(AdaptedModel model, ParameterLayout layout, String base) {
    Adapters adapters = model.adapters();
    boolean isScalar = model.base().head() == DecoderHead.SCALAR;
    ObjectNode json = JsonFile.JSON.createObjectNode();
    json.put("base_model_name_or_path", base);
    json.put("bias", "none");
    json.put("fan_in_fan_out", model.base().config().family().equals("gpt2"));
    json.put("inference_mode", true);
    json.put("init_lora_weights", true);
    json.put("lora_alpha", adapters.alpha());
    json.put("lora_dropout", 0.0);
    if (isScalar) {
      ArrayNode whole = json.putArray("modules_to_save").add("score");
      if (layout.entries().stream().anyMatch(AdapterDirectory::isLastNorm)) {
        whole.add(ScoreNormalization.NORM.substring(ScoreNormalization.NORM.indexOf('.') + 1));
      }
    } else {
      json.putNull("modules_to_save");
    }
    json.put("peft_type", "LORA");
    json.put("r", adapters.rank());
    ArrayNode targets = json.putArray("target_modules");
    adapters.targets().forEach(targets::add);
    json.put("task_type", isScalar ? "SEQ_CLS" : "CAUSAL_LM");
    return json;
  }

  /**
   * Reads what {@link #save} wrote, for the same base and adapters.
   *
   * @throws ModelFormatException if a tensor is missing or has another shape; names the file
   */
  public static AdaptedModel load(DecoderModel base, Adapters adapters, Path modelDirectory) {
    ParameterLayout layout = ParameterLayout.of(base.config(), base.head(), adapters).trained();
    Floats trained = Floats.allocate(layout.size());
    try (SafetensorsFile file =
        SafetensorsFile.open(modelDirectory.resolve(NAME).resolve(WEIGHTS))) {
      for (ParameterLayout.Entry entry : layout.entries()) {
        SafetensorsHeader.Tensor tensor = file.tensors().get(PREFIX + entry.name());
        List<Long> shape = Arrays.stream(entry.shape()).mapToObj(size -> (long) size).toList();
        if (tensor == null || !tensor.type().holdsWeights() || !tensor.shape().equals(shape)) {
          throw new ModelFormatException(
              String.format(
                  "%s must hold weights %s of shape %s, but has %s; take the adapters of this"
                      + " model and these settings",
                  file.path(), PREFIX + entry.name(), shape, tensor));
        }
        file.read(tensor, trained.slice(entry.offset(), entry.size()));
      }
    }
    return new AdaptedModel(base, adapters, trained);
  }

  /** Whether a file, by its path within a model directory, belongs to the adapters. */
  public static boolean isPart(String file) {
    return file.startsWith(NAME + "/");
  }

  /**
   * Copies the adapters of one model directory, if it has any, into another.
   *
   * @throws UncheckedIOException if storage fails
   */
  public static void copy(Path modelDirectory, Path target) {
    try {
      for (String name : List.of(CONFIG, WEIGHTS)) {
        Path file = modelDirectory.resolve(NAME).resolve(name);
        if (Files.isRegularFile(file)) {
          Files.createDirectories(target.resolve(NAME));
          Path copy = target.resolve(NAME).resolve(name);
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
