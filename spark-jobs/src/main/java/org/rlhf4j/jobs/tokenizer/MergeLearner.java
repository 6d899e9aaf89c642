package org.rlhf4j.jobs.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Learns BPE merges from counted words (Sennrich et al. 2016, arXiv:1508.07909, algorithm 1). The
 * most frequent pair of adjacent tokens is merged first; of equally frequent ones that with the
 * smaller left, then the smaller right token id, as the Hugging Face trainer does.
 *
 * <p>Each pair knows the words it occurs in, so a merge touches only those; the heap of pairs is
 * corrected lazily, when an outdated count comes to its top.
 */
final class MergeLearner {
  /** A pair of token ids and how often it was adjacent when queued. */
  private record Candidate(long count, int left, int right) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      if (count != other.count) {
        return Long.compare(other.count, count);
      }
      return left != other.left
          ? Integer.compare(left, other.left)
          : Integer.compare(right, other.right);
    }
  }

  /** How often a pair is adjacent now, and the words it is or was in. */
  private static final class Occurrences {
    private long count;
    private int[] words = new int[4];
    private int size;

    void addWord(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
      }
      words[size++] = word;
    }
  }

  private final Vocabulary vocabulary;
  private final long minimumCount;
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Occurrences> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>();
  private final Set<Long> grown = new HashSet<>();

  /**
   * @param minimumCount pairs that are rarer are not merged
   */
  MergeLearner(Vocabulary vocabulary, long minimumCount) {
    this.vocabulary = vocabulary;
    this.minimumCount = minimumCount;
  }

  void add(String word, long count) {
    int index = words.size();
    int[] tokens = vocabulary.bytesOf(word);
    words.add(tokens);
    counts.add(count);
    for (int i = 0; i + 1 < tokens.length; i++) {
      change(tokens[i], tokens[i + 1], index, count);
    }
  }

  /** Merges until the vocabulary has {@code size} tokens or no pair is frequent enough. */
  void learn(int size) {
    queueGrown();
    while (vocabulary.size() < size && !queue.isEmpty()) {
      Candidate best = queue.poll();
      Occurrences pair = pairs.get(key(best.left(), best.right()));
      if (pair == null || pair.count < minimumCount) {
        continue;
      }
      if (pair.count != best.count()) {
        queue.add(new Candidate(pair.count, best.left(), best.right()));
        continue;
      }
      merge(best, pair);
      queueGrown();
    }
  }

  private void merge(Candidate best, Occurrences pair) {
    int merged = vocabulary.merge(best.left(), best.right());
    for (int i = 0; i < pair.size; i++) {
      mergeIn(pair.words[i], best.left(), best.right(), merged);
    }
    pairs.remove(key(best.left(), best.right()));
    grown.remove(key(best.left(), best.right()));
  }

  /** Replaces the pair in one word, left to right, and moves the counts of its neighbours. */
  private void mergeIn(int word, int left, int right, int merged) {
    int[] tokens = words.get(word);
    long count = counts.get(word);
    int length = 0;
    // Written in place: the result never overtakes the position read.
    for (int i = 0; i < tokens.length; i++) {
      if (i + 1 == tokens.length || tokens[i] != left || tokens[i + 1] != right) {
        tokens[length++] = tokens[i];
        continue;
      }
      if (length > 0) {
        change(tokens[length - 1], left, word, -count);
        change(tokens[length - 1], merged, word, count);
      }
      if (i + 2 < tokens.length) {
        change(right, tokens[i + 2], word, -count);
        change(merged, tokens[i + 2], word, count);
      }
      tokens[length++] = merged;
      i++;
    }
    if (length < tokens.length) {
      words.set(word, Arrays.copyOf(tokens, length));
    }
  }

  private void change(int left, int right, int word, long by) {
    long key = key(left, right);
    Occurrences pair = pairs.computeIfAbsent(key, unused -> new Occurrences());
    pair.count += by;
    if (by > 0) {
      pair.addWord(word);
      grown.add(key);
    }
  }

  private void queueGrown() {
    for (long key : grown) {
      long count = pairs.get(key).count;
      if (count >= minimumCount) {
        queue.add(new Candidate(count, (int) (key >>> Integer.SIZE), (int) key));
      }
    }
    grown.clear();
  }

  private static long key(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }
}
