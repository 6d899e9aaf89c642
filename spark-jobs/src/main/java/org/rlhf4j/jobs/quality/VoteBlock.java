package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Who gave which label, for many items, as numbers in a few arrays: what expectation maximisation
 * reads again and again. Item i has the votes from {@code starts[i]} up to {@code starts[i + 1]}.
 *
 * @param starts [items + 1]
 * @param annotators numbers, [votes]
 * @param labels numbers, [votes]
 */
record VoteBlock(int[] starts, int[] annotators, int[] labels) implements Serializable {
  /** Votes of one block, save for items that have more. */
  private static final int VOTES = 1 << 20;

  int items() {
    return starts.length - 1;
  }

  /** Copies one item. */
  CodedItem item(int i) {
    return CodedItem.ofLabels(
        "",
        Arrays.copyOfRange(annotators, starts[i], starts[i + 1]),
        Arrays.copyOfRange(labels, starts[i], starts[i + 1]),
        CodedItem.UNKNOWN);
  }

  /** All items of a partition; reads no further than the block that is asked for. */
  static Iterator<VoteBlock> of(Iterator<CodedItem> items) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return items.hasNext();
      }

      @Override
      public VoteBlock next() {
        return fill(items);
      }
    };
  }

  private static VoteBlock fill(Iterator<CodedItem> items) {
    List<CodedItem> taken = new ArrayList<>();
    int votes = 0;
    while (items.hasNext() && votes < VOTES) {
      CodedItem item = items.next();
      taken.add(item);
      votes += item.votes();
    }

    VoteBlock block = new VoteBlock(new int[taken.size() + 1], new int[votes], new int[votes]);
    int end = 0;
    for (int i = 0; i < taken.size(); i++) {
      CodedItem item = taken.get(i);
      System.arraycopy(item.annotators(), 0, block.annotators, end, item.votes());
      System.arraycopy(item.labels(), 0, block.labels, end, item.votes());
      end += item.votes();
      block.starts[i + 1] = end;
    }

    return block;
  }
}
