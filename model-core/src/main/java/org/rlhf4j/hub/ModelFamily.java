package org.rlhf4j.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;

/** How one family of architectures writes its config.json and names its tensors. */
interface ModelFamily {
  /** Value of {@code model_type} and of {@link DecoderConfig#family()}. */
  String name();

  /** Value of {@code architectures} for a head. */
  String architecture(DecoderHead head);

  DecoderConfig readConfig(JsonFile config);

  /** Adds the family's own keys to config.json. */
  void writeConfig(DecoderConfig config, ObjectNode json);

  /** Names under which files hold a tensor of the layout, the usual one first. */
  List<String> fileNames(String tensor);

  /** Whether a tensor that the layout does not know carries nothing to be read. */
  boolean isIgnored(String fileTensor);
}
