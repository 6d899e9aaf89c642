package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Many items with their votes in a few arrays, which is how they are kept between passes: it takes
 * 23 bytes a vote beside the items' names. Item i has the votes from {@code starts[i]} up to {@code
 * starts[i + 1]}; see {@link CodedItem} for the rest. I items, V votes.
 *
 * @param items names, [I]
 * @param keys of {@link Resampling}, [I]
 * @param contests what each item compares, [I]
 * @param starts [I + 1]
 */
record ItemBlock(
    String[] items,
    long[] keys,
    List<List<String>> contests,
    int[] starts,
    int[] annotators,
    int[] labels,
    int[] golds,
    long[] times,
    byte[] choices,
    byte[] positions,
    byte[] lengths)
    implements Serializable {

  /** Copies one item. */
  CodedItem item(int i) {
    int from = starts[i];
    int to = starts[i + 1];
    return new CodedItem(
        items[i],
        keys[i],
        Arrays.copyOfRange(annotators, from, to),
        Arrays.copyOfRange(labels, from, to),
        Arrays.copyOfRange(golds, from, to),
        Arrays.copyOfRange(times, from, to),
        contests.get(i),
        Arrays.copyOfRange(choices, from, to),
        Arrays.copyOfRange(positions, from, to),
        Arrays.copyOfRange(lengths, from, to));
  }

  Iterator<CodedItem> iterator() {
    return IntStream.range(0, items.length).mapToObj(this::item).iterator();
  }

  /**
   * The same with other numbers for annotators and labels; {@link CodedItem#UNKNOWN} stays.
   *
   * @param newAnnotators by the old number
   * @param newLabels by the old number
   */
  ItemBlock renumbered(int[] newAnnotators, int[] newLabels) {
    return new ItemBlock(
        items,
        keys,
        contests,
        starts,
        mapped(annotators, newAnnotators),
        mapped(labels, newLabels),
        mapped(golds, newLabels),
        times,
        choices,
        positions,
        lengths);
  }

  private static int[] mapped(int[] old, int[] numbers) {
    int[] mapped = new int[old.length];
    for (int i = 0; i < old.length; i++) {
      mapped[i] = old[i] == CodedItem.UNKNOWN ? CodedItem.UNKNOWN : numbers[old[i]];
    }

    return mapped;
  }
}
