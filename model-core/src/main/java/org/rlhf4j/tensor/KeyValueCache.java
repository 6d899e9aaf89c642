package org.rlhf4j.tensor;

/** Keys and values of the tokens seen so far, for many sequences of unequal length. */
public interface KeyValueCache extends AutoCloseable {
  /** One sequence; closing it gives its memory to others. */
  interface Row extends AutoCloseable {
    /** Makes room for the first {@code length} tokens. */
    void reserve(int length);

    @Override
    void close();
  }

  /** An empty sequence. */
  Row open();

  /**
   * Takes in keys and values of new tokens, then lets each new token see its sequence up to itself.
   * The new tokens of a sequence stand side by side, in order.
   *
   * @param qkv [N, shape.width()]
   * @param rows sequence of each token, with room reserved, [N]
   * @param positions place of each token in its sequence, [N]
   * @param out set, [N, heads D]
   */
  void attend(int layer, AttentionShape shape, Matrix qkv, Row[] rows, int[] positions, Matrix out);

  @Override
  void close();
}
