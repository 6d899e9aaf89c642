package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of the tokens seen so far, for many sequences of unequal length.
 *
 * <p>Design: a sequence owns pages of 32 tokens, taken from a common pool and given back when it
 * ends, so that memory follows the tokens in use and not the longest sequence. Within a page keys
 * are stored [layer][head][D][32], so that 32 scores are made without summing across lanes, and
 * values [layer][head][32][D].
 */
public final class KeyValueCache implements AutoCloseable {
  static final int PAGE = 32; // tokens

  private final AttentionShape shape;
  private final int headValues; // keys (or values) of one head in a page
  private final int layerValues;
  private final int pageValues;
  private final ArrayDeque<Floats> free = new ArrayDeque<>();
  private final List<Floats> all = new ArrayList<>();

  public KeyValueCache(AttentionShape shape, int layers) {
    this.shape = shape;
    this.headValues = PAGE * shape.headSize();
    this.layerValues = 2 * shape.kvHeads() * headValues;
    this.pageValues = layers * layerValues;
  }

  /** An empty sequence. */
  public Row open() {
    return new Row();
  }

  /** One sequence. */
  public final class Row implements AutoCloseable {
    private final List<Floats> pages = new ArrayList<>();

    private Row() {}

    /** Makes room for the first {@code length} tokens. */
    public void reserve(int length) {
      while (pages.size() * PAGE < length) {
        pages.add(take());
      }
    }

    ByteBuffer page(int index) {
      return pages.get(index).bytes();
    }

    /** Gives the pages back. */
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
    Floats made = Floats.allocate(pageValues);
    all.add(made);
    return made;
  }

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
