package org.rlhf4j.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A cache inside the heap, where the compiler makes the fastest code of vector operations.
 *
 * <p>Design: a sequence owns pages of 32 tokens, taken from a common pool and given back when it
 * ends, so that memory follows the tokens in use and not the longest sequence. Within a page a head
 * of a layer has its keys, [32 / lanes][D][lanes], so that the scores of as many tokens as a vector
 * has lanes are made without summing across lanes, and behind them its values, [32][D].
 */
final class PagedCache implements KeyValueCache {
  static final int PAGE = 32; // tokens; a multiple of a vector's lanes

  private final CachedAttention attention;
  private final AttentionShape shape;
  private final int headValues; // keys (or values) of one head in a page
  private final int layerValues;
  private final int pageValues;
  private final ArrayDeque<float[]> free = new ArrayDeque<>();

  PagedCache(CachedAttention attention, AttentionShape shape, int layers) {
    this.attention = attention;
    this.shape = shape;
    this.headValues = PAGE * shape.headSize();
    this.layerValues = 2 * shape.kvHeads() * headValues;
    this.pageValues = layers * layerValues;
  }

  @Override
  public Row open() {
    return new Pages();
  }

  @Override
  public void attend(
      int layer, AttentionShape tokens, Matrix qkv, Row[] rows, int[] positions, Matrix out) {
    attention.attend(this, layer, tokens, qkv, rows, positions, out);
  }

  /** One sequence. */
  final class Pages implements Row {
    private final List<float[]> pages = new ArrayList<>();

    private Pages() {}

    @Override
    public void reserve(int length) {
      while (pages.size() * PAGE < length) {
        pages.add(free.isEmpty() ? new float[pageValues] : free.pop());
      }
    }

    /** The page that holds a token. */
    float[] pageOf(int position) {
      return pages.get(position / PAGE);
    }

    @Override
    public void close() {
      free.addAll(pages);
      pages.clear();
    }
  }

  /** Where heads lie; windows may differ between layers. */
  AttentionShape shape() {
    return shape;
  }

  /** First lane of the keys of {@code lanes} tokens, the first of which is at this position. */
  int keys(int layer, int kvHead, int position) {
    return layer * layerValues + 2 * kvHead * headValues + position % PAGE * shape.headSize();
  }

  /** First value of a token. */
  int values(int layer, int kvHead, int position) {
    int head = layer * layerValues + (2 * kvHead + 1) * headValues;
    return head + position % PAGE * shape.headSize();
  }

  @Override
  public void close() {
    free.clear();
  }
}
