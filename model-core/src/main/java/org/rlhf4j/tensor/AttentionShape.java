package org.rlhf4j.tensor;

/**
 * Heads of an attention and where they lie in a row of queries, keys and values.
 *
 * @param heads query heads
 * @param kvHeads key and value heads, a divisor of {@code heads}: each serves a group of query
 *     heads
 * @param headSize D, width of one head
 * @param window how many tokens a query sees, itself included; 0 means all before it
 */
public record AttentionShape(int heads, int kvHeads, int headSize, int window) {
  /** Query heads that share a key head. */
  public int group() {
    return heads / kvHeads;
  }

  /** Columns of queries, keys and values together. */
  public int width() {
    return (heads + 2 * kvHeads) * headSize;
  }

  /** First column of a query head. */
  public int query(int head) {
    return head * headSize;
  }

  /** First column of the key head that serves a query head. */
  public int key(int head) {
    return (heads + head / group()) * headSize;
  }

  /** First column of the value head that serves a query head. */
  public int value(int head) {
    return (heads + kvHeads + head / group()) * headSize;
  }

  /** 1 / sqrt(D). */
  public float scale() {
    return (float) (1 / Math.sqrt(headSize));
  }

  /** First position that the query at {@code position} sees. */
  public int firstSeen(int position) {
    return window == 0 ? 0 : Math.max(0, position - window + 1);
  }
}
