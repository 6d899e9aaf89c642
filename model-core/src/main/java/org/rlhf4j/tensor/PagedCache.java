package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A cache in the memory of the processor.
 *
 * <p>Design: a sequence owns pages of 32 tokens, taken from a common pool and given back when it
 * ends, so that memory follows the tokens in use and not the longest sequence. Within a page keys
 * are stored [layer][head][D][32], so that 32 scores are made without summing across lanes, and
 * values [layer][head][32][D].
 */
final class PagedCache implements KeyValueCache {
  static final int PAGE = 32; // tokens

  private final CachedAttention attention;
  private final AttentionShape shape;
  private final int headValues; // keys (or values) of one head in a page
  private final int layerValues;
  private final int pageValues;
  private final ArrayDeque<Floats> free = new ArrayDeque<>();
  private final List<Floats> all = new ArrayList<>();

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
    private final List<Floats> pages = new ArrayList<>();

    private Pages() {}

    @Override
    public void reserve(int length) {
      while (pages.size() * PAGE < length) {
        pages.add(take());
      }
    }

    ByteBuffer page(int index) {
      return pages.get(index).bytes();
    }

    @Override
    public void close() {
      free.addAll(pages);
      pages.clear();
    }
  }

  private Floats take() {
    Floats page = free.poll();
    if (page != null) {
      return page;
    }
    Floats made = HostFloats.create(pageValues);
    all.add(made);
    return made;
  }

  /** Where heads lie; windows may differ between layers. */
  AttentionShape shape() {
    return shape;
  }

  /** First key of a head in a page. */
  int keys(int layer, int kvHead) {
    return layer * layerValues + kvHead * headValues;
  }

  /** First value of a head in a page. */
  int values(int layer, int kvHead) {
    return layer * layerValues + (shape.kvHeads() + kvHead) * headValues;
  }

  @Override
  public void close() {
    all.forEach(Floats::free);
    all.clear();
    free.clear();
  }
}
