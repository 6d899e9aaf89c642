package org.rlhf4j.jobs.reviews;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A positive and a negative sentence with the same opening. */
record ReviewPair(int openingWords, ReviewSentence chosen, ReviewSentence rejected) {

  /**
   * Pairs of sentences that share their first words. Where the full opening has no sentence of the
   * other sentiment, a shorter one serves.
   *
   * @param most pairs of one sentence as the chosen one
   */
  static List<ReviewPair> of(List<ReviewSentence> sentences, int openingWords, int most) {
    List<ReviewPair> pairs = new ArrayList<>();
    List<ReviewSentence> alone = sentences;
    for (int words = openingWords; words > 0 && !alone.isEmpty(); words--) {
      alone = pair(alone, words, most, pairs);
    }
    return pairs;
  }

  /** Adds the pairs of one length of opening; returns the sentences that found no partner. */
  private static List<ReviewSentence> pair(
      List<ReviewSentence> sentences, int words, int most, List<ReviewPair> pairs) {
    Map<String, List<ReviewSentence>> byOpening = new LinkedHashMap<>();
    for (ReviewSentence sentence : sentences) {
      byOpening.computeIfAbsent(sentence.opening(words), o -> new ArrayList<>()).add(sentence);
    }
    List<ReviewSentence> alone = new ArrayList<>();
    for (List<ReviewSentence> group : byOpening.values()) {
      List<ReviewSentence> positive = side(group, true);
      List<ReviewSentence> negative = side(group, false);
      if (positive.isEmpty() || negative.isEmpty()) {
        alone.addAll(group);
        continue;
      }
      int partners = Math.min(most, negative.size());
      for (int p = 0; p < positive.size(); p++) {
        for (int k = 0; k < partners; k++) {
          ReviewSentence rejected = negative.get((p * partners + k) % negative.size());
          pairs.add(new ReviewPair(words, positive.get(p), rejected));
        }
      }
    }
    return alone;
  }

  private static List<ReviewSentence> side(List<ReviewSentence> group, boolean positive) {
    return group.stream()
        .filter(sentence -> sentence.positive() == positive)
        .sorted(Comparator.comparing(ReviewSentence::text))
        .toList();
  }
}
