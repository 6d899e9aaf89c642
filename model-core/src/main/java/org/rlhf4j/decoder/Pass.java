package org.rlhf4j.decoder;

import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.Kernels;

/**
 * What the parts of a decoder share while tokens go through it.
 *
 * @param products how activations meet weight matrices
 * @param tokens [N]
 * @param positions place of each token in its sequence, from 0, [N]
 * @param attending how queries find keys and values
 * @param wanted distinct tokens whose outputs are wanted, [K]: the last block's other rows are
 *     needed for their keys and values only
 * @param scratch memory for what a part needs no longer than one call
 */
record Pass(
    Kernels kernels,
    Tensors weights,
    Products products,
    int[] tokens,
    int[] positions,
    Attending attending,
    int[] wanted,
    Buffer scratch) {
  Pass {
    if (wanted.length > tokens.length) {
      throw new IllegalArgumentException(
          "Of " + tokens.length + " tokens " + wanted.length + " cannot be wanted");
    }
  }

  /** Number of tokens N. */
  int size() {
    return tokens.length;
  }
}
