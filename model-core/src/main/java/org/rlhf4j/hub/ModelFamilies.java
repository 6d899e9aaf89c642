package org.rlhf4j.hub;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rlhf4j.decoder.DecoderHead;

/** The families this version can read and write. */
final class ModelFamilies {
  private static final List<ModelFamily> ALL =
      List.of(new Gpt2Family(), LlamaFamily.LLAMA, LlamaFamily.QWEN2, LlamaFamily.MISTRAL);

  /** A family and the head that an architecture's name asks for. */
  record Architecture(ModelFamily family, DecoderHead head) {}

  private ModelFamilies() {}

  static ModelFamily named(String name) {
    return ALL.stream()
        .filter(family -> family.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelFormatException(
                    String.format(
                        "Model family \"%s\" is not supported by this version, only %s",
                        name,
                        ALL.stream().map(ModelFamily::name).collect(Collectors.joining(", ")))));
  }

  /** Reads {@code architectures}; where it is absent, {@code model_type} names a language model. */
  static Architecture of(JsonFile config) {
    Optional<String> architecture =
        config.value("architectures").map(node -> node.path(0).asText());
    if (architecture.isEmpty()) {
      return withoutArchitecture(config);
    }
    return heads()
        .filter(known -> known.family().architecture(known.head()).equals(architecture.get()))
        .findFirst()
        .orElseThrow(() -> unknown(config, "architecture", architecture.get()));
  }

  private static Architecture withoutArchitecture(JsonFile config) {
    String type = config.text("model_type").orElse("");
    return heads()
        .filter(known -> known.family().name().equals(type))
        .findFirst()
        .orElseThrow(() -> unknown(config, "model type", type));
  }

  private static Stream<Architecture> heads() {
    return ALL.stream()
        .flatMap(
            family ->
                Stream.of(DecoderHead.LANGUAGE_MODEL, DecoderHead.SCALAR)
                    .map(head -> new Architecture(family, head)));
  }

  private static ModelFormatException unknown(JsonFile config, String what, String value) {
    String known =
        heads()
            .map(architecture -> architecture.family().architecture(architecture.head()))
            .collect(Collectors.joining(", "));
    return new ModelFormatException(
        String.format(
            "%s: the %s \"%s\" is not supported, only %s", config.path(), what, value, known));
  }
}
