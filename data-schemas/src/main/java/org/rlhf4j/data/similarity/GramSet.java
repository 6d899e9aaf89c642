package org.rlhf4j.data.similarity;

import java.io.Serializable;

/**
 * An immutable set of 64-bit hashes: 16 to 32 bytes an element, and about one look for a hash that
 * is not in it.
 */
public final class GramSet implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] table;
  private final boolean holdsZero;
  private final int size;

  private GramSet(long[] table, boolean holdsZero, int size) {
    this.table = table;
    this.holdsZero = holdsZero;
    this.size = size;
  }

  /** The set of some hashes, among which the same may stand several times. */
  public static GramSet of(Iterable<long[]> parts) {
    long count = 0;
    for (long[] part : parts) {
      count += part.length;
    }

    long[] table = new long[Integer.highestOneBit((int) Math.max(1, Math.min(count, 1 << 28))) * 4];
    boolean holdsZero = false;
    int size = 0;
    for (long[] part : parts) {
      for (long hash : part) {
        boolean isNew = hash == 0 ? !holdsZero : add(table, hash);
        holdsZero |= hash == 0;
        size += isNew ? 1 : 0;
      }
    }

    return new GramSet(table, holdsZero, size);
  }

  public int size() {
    return size;
  }

  public boolean contains(long hash) {
    if (hash == 0) {
      return holdsZero;
    }

    return table[place(table, hash)] == hash;
  }

  private static boolean add(long[] table, long hash) {
    int place = place(table, hash);
    boolean isNew = table[place] != hash;
    table[place] = hash;
    return isNew;
  }

  /** Where a hash stands, or would stand; linear probing. */
  private static int place(long[] table, long hash) {
    int mask = table.length - 1;
    int place = (int) (hash ^ (hash >>> 32)) & mask;
    while (table[place] != 0 && table[place] != hash) {
      place = (place + 1) & mask;
    }

    return place;
  }
}
