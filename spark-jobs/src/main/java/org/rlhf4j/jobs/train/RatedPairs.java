package org.rlhf4j.jobs.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.jobs.JobException;

/**
 * Preferences that ratings imply, for objectives that compare responses: of two responses to one
 * prompt, rated by one annotator (or by none) of one source, the one with the higher grade is
 * preferred. Grades of different annotators or sources are never compared, because their units may
 * differ; equal grades give no pair.
 *
 * <p>A pair of K responses weighs 1/C(K,2) of the mean weight of both, as one of a ranking does. It
 * has no margin: losses would take the difference of grades for one of scores.
 */
final class RatedPairs {
  /** Their pairs grow with the square. */
  private static final int MOST_RESPONSES = 1_000;

  /** All that one judge said of one text: its mean grade, since a grade may be given twice. */
  private record Graded(Rating first, double gradeSum, double weightSum, int count) {
    static Graded of(Rating rating) {
      return new Graded(rating, rating.rating(), rating.weight(), 1);
    }

    Graded plus(Graded other) {
      Rating least = first.ratingId().compareTo(other.first.ratingId()) <= 0 ? first : other.first;
      return new Graded(
          least, gradeSum + other.gradeSum, weightSum + other.weightSum, count + other.count);
    }

    double grade() {
      return gradeSum / count;
    }

    double weight() {
      return weightSum / count;
    }
  }

  private RatedPairs() {}

  /**
   * @param input the ratings are from, and {@code advice} what to do, for the error
   * @throws JobException if they imply no preference
   */
  static JavaRDD<PreferencePair> of(JavaRDD<Rating> ratings, String input, String advice) {
    JavaRDD<PreferencePair> pairs =
        ratings.groupBy(RatedPairs::judge).flatMap(group -> pairs(group._1(), group._2()));
    if (pairs.isEmpty()) {
      throw JobException.badInput(
          "Input %s has ratings, but no two different ones of one prompt, source and annotator, which"
              + " the objective could compare; %s",
          input, advice);
    }

    return pairs;
  }

  private static String judge(Rating rating) {
    return RowIds.hash(
        "rated",
        List.of(
            rating.promptId(),
            rating.split().name(),
            rating.source(),
            rating.annotator().isPresent() ? "by" : "",
            rating.annotator().orElse("")));
  }

  static Iterator<PreferencePair> pairs(String groupId, Iterable<Rating> ratings) {
    Map<String, Graded> byText = new TreeMap<>(); // in an order of its own
    List<Rating> sorted = new ArrayList<>();
    ratings.forEach(sorted::add);
    sorted.sort(Comparator.comparing(Rating::ratingId)); // sums repeat to the bit
    sorted.forEach(
        rating ->
            byText.merge(RowIds.normalize(rating.response()), Graded.of(rating), Graded::plus));
    if (byText.size() > MOST_RESPONSES) {
      throw JobException.badInput(
          "%d responses to the prompt %s have ratings of one annotator, more than %d to be compared"
              + " two by two; give preferences",
          byText.size(), sorted.get(0).promptId(), MOST_RESPONSES);
    }

    List<Graded> responses = List.copyOf(byText.values());
    double share = 2.0 / (responses.size() * (responses.size() - 1.0));
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < responses.size(); i++) {
      for (int j = i + 1; j < responses.size(); j++) {
        int order = Double.compare(responses.get(i).grade(), responses.get(j).grade());
        if (order != 0) {
          Graded better = responses.get(order > 0 ? i : j);
          Graded worse = responses.get(order > 0 ? j : i);
          pairs.add(pair(groupId, better, worse, share));
        }
      }
    }

    return pairs.iterator();
  }

  private static PreferencePair pair(String groupId, Graded better, Graded worse, double share) {
    Rating chosen = better.first();
    Rating rejected = worse.first();
    return new PreferencePair(
        RowIds.hash("pair", List.of(groupId, chosen.ratingId(), rejected.ratingId())),
        groupId,
        chosen.promptId(),
        chosen.split(),
        chosen.source(),
        chosen.prompt(),
        chosen.response(),
        rejected.response(),
        Optional.empty(),
        share * (better.weight() + worse.weight()) / 2,
        chosen.annotator(),
        Optional.empty());
  }
}
