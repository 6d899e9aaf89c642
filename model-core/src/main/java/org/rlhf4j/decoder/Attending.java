package org.rlhf4j.decoder;

import org.rlhf4j.tensor.AttentionShape;
import org.rlhf4j.tensor.Matrix;

/** How queries find keys and values: within a packed batch, or in a cache. */
@FunctionalInterface
interface Attending {
  /**
   * @param layer index of the block
   * @param qkv queries, keys and values of each token, [N, (heads + 2 kvHeads) D]
   * @param out set, [N, heads D]
   */
  void attend(int layer, AttentionShape shape, Matrix qkv, Matrix out);
}
