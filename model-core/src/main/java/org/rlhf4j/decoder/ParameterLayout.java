package org.rlhf4j.decoder;

import java.util.List;

/**
 * Names (as in Hugging Face files), shapes and offsets of a decoder's parameters in one flat
 * vector. Stub.
 */
public final class ParameterLayout {
  /**
   * One tensor of the flat vector, row major.
   *
   * @param name name in {@code model.safetensors}, e.g. {@code transformer.h.0.attn.c_attn.weight}
   *     or {@code score.weight}
   * @param shape as stored in the file
   * @param offset first element in the flat vector
   */
  public record Entry(String name, int[] shape, long offset) {}

  private ParameterLayout() {}

  public static ParameterLayout of(DecoderConfig config, DecoderHead head) {
    throw new UnsupportedOperationException();
  }

  /** In the order of the flat vector, without gaps. */
  public List<Entry> entries() {
    throw new UnsupportedOperationException();
  }

  /** Elements of the flat vector. */
  public long size() {
    throw new UnsupportedOperationException();
  }
}
