package org.rlhf4j.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A cache in ND4J's memory: each sequence has one block, [layers, keys and values, kvHeads, room,
 * D], which is replaced by a larger one when it is full.
 */
final class Nd4jCache implements KeyValueCache {
  private static final int GRAIN = 64; // tokens

  private final Nd4jAttention attention;
  private final AttentionShape shape;
  private final int layers;
  private final List<Block> free = new ArrayList<>();
  private final List<Block> all = new ArrayList<>();

  Nd4jCache(Nd4jAttention attention, AttentionShape shape, int layers) {
    this.attention = attention;
    this.shape = shape;
    this.layers = layers;
  }

  /**
   * @param room tokens
   */
  private record Block(Nd4jFloats values, int room) {}

  /** One sequence. */
  final class Sequence implements Row {
    private Optional<Block> block = Optional.empty();

    private Sequence() {}

    @Override
    public void reserve(int length) {
      int room = block.map(Block::room).orElse(0);
      if (length <= room) {
        return;
      }
      Block larger = take(Math.max(length, 2 * room));
      block.ifPresent(
          old -> {
            every(larger, old.room()).assign(every(old, old.room()));
            free.add(old);
          });
      block = Optional.of(larger);
    }

    private Nd4jAttention.Stack heads(int layer, int kind) {
      Block memory = block.orElseThrow();
      long head = (long) memory.room() * shape.headSize();
      return new Nd4jAttention.Stack(
          memory.values(),
          (2L * layer + kind) * shape.kvHeads() * head,
          shape.kvHeads(),
          shape.headSize(),
          head,
          shape.headSize());
    }

    @Override
    public void close() {
      block.ifPresent(free::add);
      block = Optional.empty();
    }
  }

  /** The first tokens of all heads of all layers. */
  private INDArray every(Block block, int tokens) {
    long heads = 2L * layers * shape.kvHeads();
    long head = (long) block.room() * shape.headSize();
    return block
        .values()
        .view(
            0,
            new long[] {heads, tokens, shape.headSize()},
            new long[] {head, shape.headSize(), 1});
  }

  private Block take(int length) {
    for (int i = 0; i < free.size(); i++) {
      if (free.get(i).room() >= length) {
        return free.remove(i);
      }
    }
    int room = (length + GRAIN - 1) / GRAIN * GRAIN;
    long size = 2L * layers * shape.kvHeads() * room * shape.headSize();
    Block made = new Block(Nd4jFloats.create(size), room);
    all.add(made);
    return made;
  }

  @Override
  public Row open() {
    return new Sequence();
  }

  @Override
  public void attend(
      int layer, AttentionShape tokens, Matrix qkv, Row[] rows, int[] positions, Matrix out) {
    for (int from = 0; from < rows.length; ) {
      int to = from + 1;
      while (to < rows.length && rows[to].equals(rows[from])) {
        to++;
      }
      Sequence sequence = (Sequence) rows[from];
      int count = to - from;
      attend(
          sequence, layer, tokens, qkv.rows(from, count), positions[from], out.rows(from, count));
      from = to;
    }
  }

  private void attend(
      Sequence sequence, int layer, AttentionShape tokens, Matrix qkv, int position, Matrix out) {
    Nd4jAttention.Stack keys = sequence.heads(layer, 0);
    Nd4jAttention.Stack values = sequence.heads(layer, 1);
    Nd4jAttention.Stack newKeys = Nd4jAttention.Stack.ofKeys(tokens, qkv, tokens.key(0));
    Nd4jAttention.Stack newValues = Nd4jAttention.Stack.ofKeys(tokens, qkv, tokens.value(0));
    keys.rows(position, qkv.rows()).assign(newKeys.rows(0, qkv.rows()));
    values.rows(position, qkv.rows()).assign(newValues.rows(0, qkv.rows()));
    attention.attend(tokens, qkv, position, keys, values, out);
  }

  @Override
  public void close() {
    all.forEach(block -> block.values().free());
    all.clear();
    free.clear();
  }
}
