package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rlhf4j.jobs.quality.CastItem.CastVote;
import org.rlhf4j.jobs.quality.CastVotes.Counts;

/**
 * Some items of a partition, with numbers for annotators and labels that hold in this block alone:
 * so the rows are read once, before anybody knows all names.
 *
 * @param annotators names by number
 * @param labels names by number; those from {@code givenLabels} on are golds nobody voted for
 */
record CastBlock(
    ItemBlock items, List<String> annotators, List<String> labels, int givenLabels, Counts counts)
    implements Serializable {
  /** Votes of one block, save for items that have more. */
  private static final int VOTES = 1 << 16;

  /** All items of a partition; reads no further than the block that is asked for. */
  static Iterator<CastBlock> of(Iterator<CastItem> items, Set<String> experts) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return items.hasNext();
      }

      @Override
      public CastBlock next() {
        return take(items, experts);
      }
    };
  }

  private static CastBlock take(Iterator<CastItem> items, Set<String> experts) {
    List<CastItem> taken = new ArrayList<>();
    Counts counts = new Counts(0, 0, 0, 0, 0);
    int votes = 0;
    while (items.hasNext() && votes < VOTES) {
      CastItem item = items.next();
      counts = counts.plus(item.counts());
      votes += item.votes().size();
      if (!item.votes().isEmpty()) {
        taken.add(item);
      }
    }

    return new Builder(taken, votes, experts).build(counts);
  }

  /** Labels that somebody gave. */
  List<String> givenLabelNames() {
    return labels.subList(0, givenLabels);
  }

  /** The items with the numbers of everybody. */
  ItemBlock numbered(Names allAnnotators, Names allLabels) {
    int[] annotatorNumbers =
        annotators.stream()
            .mapToInt(name -> allAnnotators.number(name, CodedItem.UNKNOWN))
            .toArray();
    int[] labelNumbers =
        labels.stream().mapToInt(name -> allLabels.number(name, allLabels.size())).toArray();
    return items.renumbered(annotatorNumbers, labelNumbers);
  }

  private static final class Builder {
    private final List<CastItem> taken;
    private final Set<String> experts;
    private final Map<String, Integer> annotators = new HashMap<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final ItemBlock block;

    Builder(List<CastItem> taken, int votes, Set<String> experts) {
      this.taken = taken;
      this.experts = experts;
      this.block =
          new ItemBlock(
              taken.stream().map(CastItem::item).toArray(String[]::new),
              taken.stream().mapToLong(item -> Resampling.key(item.cluster())).toArray(),
              taken.stream().map(CastItem::contest).toList(),
              new int[taken.size() + 1],
              new int[votes],
              new int[votes],
              new int[votes],
              new long[votes],
              new byte[votes],
              new byte[votes],
              new byte[votes]);
    }

    CastBlock build(Counts counts) {
      int end = 0;
      for (int i = 0; i < taken.size(); i++) {
        for (CastVote vote : taken.get(i).votes()) {
          block.annotators()[end] = number(annotators, vote.annotator());
          block.labels()[end] = number(labels, vote.label());
          block.times()[end] = vote.time();
          block.choices()[end] = vote.choice();
          block.positions()[end] = vote.position();
          block.lengths()[end++] = vote.longer();
        }

        block.starts()[i + 1] = end;
      }

      int given = labels.size();
      addGolds();
      return new CastBlock(block, inOrder(annotators), inOrder(labels), given, counts);
    }

    /** After the votes, so that labels nobody gave come last. */
    private void addGolds() {
      Arrays.fill(block.golds(), CodedItem.UNKNOWN);
      for (int i = 0; i < taken.size(); i++) {
        CastItem item = taken.get(i);
        for (int v = 0; v < item.votes().size(); v++) {
          int place = block.starts()[i] + v;
          item.gold(v, experts).ifPresent(gold -> block.golds()[place] = number(labels, gold));
        }
      }
    }

    private static int number(Map<String, Integer> numbers, String name) {
      Integer known = numbers.putIfAbsent(name, numbers.size());
      return known == null ? numbers.size() - 1 : known;
    }

    private static List<String> inOrder(Map<String, Integer> numbers) {
      String[] names = new String[numbers.size()];
      numbers.forEach((name, number) -> names[number] = name);
      return Arrays.asList(names);
    }
  }
}
