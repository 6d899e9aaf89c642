package org.rlhf4j.jobs.prepare.similar;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.rlhf4j.data.similarity.MinHash;

/**
 * Pairs worth comparing among the texts of each bucket of one partition. A chained hash table over
 * the entries finds the buckets with more than one text, which are few.
 *
 * <p>Pairs come one text at a time, so that a bucket with many costs no memory for them; one found
 * in several buckets comes several times.
 *
 * <p>Work is bounded: in the order of sketches and ids a text is held against the first of its
 * bucket and the 32 before it, and sketches decide whether a pair is worth more. So a bucket of n
 * texts costs 33 n at most and not n^2/2. Nothing is lost for that where it counts: like texts have
 * like sketches and stand near each other, and links to the first and to neighbours connect a
 * bucket of like texts as well as all its pairs do; nine other bands see the same texts in another
 * company.
 */
final class BucketPairs implements Iterator<Pair> {
  /** Neighbours that a text is held against; buckets up to this size are compared whole. */
  static final int WINDOW = 32;

  /**
   * Least likeness by sketches. At a Jaccard index of 0.8 two sketches in one bucket share 58 +- 2
   * bits of 64, and fewer than the 50 asked for once in two thousand times.
   */
  static final double LEAST_ESTIMATE = 0.55;

  private static final int NONE = -1;
  private static final Comparator<Member> ORDER =
      Comparator.comparingLong(Member::sketch).thenComparingLong(Member::id);

  private final long[] entries;
  private final int[] before;
  private final int[] last;
  private final Deque<Pair> found = new ArrayDeque<>();
  private List<Member> members = List.of(); // of the open bucket
  private int position; // of the member to compare next
  private int nextSlot;

  private record Member(long sketch, long id) {}

  private BucketPairs(long[] entries) {
    int size = entries.length / BucketEntries.WIDTH;
    this.entries = entries;
    this.before = new int[size];
    this.last = new int[Integer.highestOneBit(Math.max(1, size)) * 4];
    Arrays.fill(last, NONE);
  }

  /**
   * @param blocks of {@link BucketEntries}, all of a partition
   */
  static Iterator<Pair> of(Iterator<long[]> blocks) {
    List<long[]> all = new ArrayList<>();
    blocks.forEachRemaining(all::add);
    long[] entries = new long[all.stream().mapToInt(block -> block.length).sum()];
    int end = 0;
    for (long[] block : all) {
      System.arraycopy(block, 0, entries, end, block.length);
      end += block.length;
    }

    all.clear();
    return new BucketPairs(entries).chained();
  }

  private BucketPairs chained() {
    for (int i = 0; i < before.length; i++) {
      int slot = slot(bucket(i));
      before[i] = last[slot];
      last[slot] = i;
    }

    return this;
  }

  @Override
  public boolean hasNext() {
    while (found.isEmpty()) {
      if (position < members.size()) {
        compare(position);
        position++;
      } else if (!nextBucket()) {
        return false;
      }
    }

    return true;
  }

  @Override
  public Pair next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No more pairs");
    }

    return found.remove();
  }

  /** Opens the next bucket with more than one text; false if there is none. */
  private boolean nextBucket() {
    while (nextSlot < last.length) {
      int end = last[nextSlot];
      nextSlot++;
      if (end != NONE && before[end] != NONE) {
        members = distinct(members(end));
        position = 1;
        return true;
      }
    }

    return false;
  }

  /** Where a bucket has its last entry, or where it will have its first. */
  private int slot(long bucket) {
    int mask = last.length - 1;
    int slot = (int) (bucket >>> 32) & mask; // partitions took the low bits
    while (last[slot] != NONE && bucket(last[slot]) != bucket) {
      slot = (slot + 1) & mask;
    }

    return slot;
  }

  private List<Member> members(int end) {
    List<Member> members = new ArrayList<>();
    for (int i = end; i != NONE; i = before[i]) {
      int start = i * BucketEntries.WIDTH;
      members.add(new Member(entries[start + 1], entries[start + 2]));
    }

    members.sort(ORDER);
    return members;
  }

  private void compare(int i) {
    Member current = members.get(i);
    for (int j = Math.max(0, i - WINDOW); j < i; j++) {
      compare(members.get(j), current);
    }

    if (i > WINDOW) {
      compare(members.get(0), current);
    }
  }

  /** One text may have several entries in a bucket, which stand beside each other. */
  private static List<Member> distinct(List<Member> sorted) {
    List<Member> distinct = new ArrayList<>(sorted.size());
    for (Member member : sorted) {
      if (distinct.isEmpty() || distinct.get(distinct.size() - 1).id() != member.id()) {
        distinct.add(member);
      }
    }

    return distinct;
  }

  private void compare(Member left, Member right) {
    if (MinHash.estimate(left.sketch(), right.sketch()) >= LEAST_ESTIMATE) {
      found.add(Pair.of(left.id(), right.id()));
    }
  }

  private long bucket(int entry) {
    return entries[entry * BucketEntries.WIDTH];
  }
}
