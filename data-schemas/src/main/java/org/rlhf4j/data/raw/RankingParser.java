package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/**
 * {@code {"prompt", "responses": [...], "ranks": [...]}}, responses as texts or as lists of one
 * message.
 */
final class RankingParser implements RowParser {
  /** Their 500,000 pairs, each a row with the prompt, are what one row may cost. */
  private static final int MOST_RESPONSES = 1_000;

  @Override
  public Ranking parse(JsonRow row) throws RejectedRowException {
    List<String> responses = new ArrayList<>();
    for (JsonNode response : row.list("responses")) {
      responses.add(Conversations.response("responses", response));
    }

    List<Optional<Double>> ranks = ranks(row);
    if (ranks.size() != responses.size()) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE,
          "there are %d responses, but %d ranks".formatted(responses.size(), ranks.size()));
    }

    return checked(
        new Ranking(
            Conversations.prompt(row, "prompt"),
            responses,
            dense(ranks),
            row.optionalNumber("margin"),
            row.optionalText("critique"),
            RowParser.origin(row, RawFormat.RANKING)));
  }

  /** Refuses a ranking that gives no pair, or contradictory ones, or too many. */
  static Ranking checked(Ranking ranking) throws RejectedRowException {
    if (ranking.responses().size() > MOST_RESPONSES) {
      throw new RejectedRowException(
          Reason.ROW_TOO_LARGE,
          "%d responses are ranked, but at most %d are compared two by two"
              .formatted(ranking.responses().size(), MOST_RESPONSES));
    }

    List<Integer> ranked = ranking.ranks().stream().filter(r -> r != RawRecord.UNRANKED).toList();
    if (ranked.size() < 2) {
      throw new RejectedRowException(
          Reason.UNRANKED,
          "%d of %d responses are ranked".formatted(ranked.size(), ranking.ranks().size()));
    }

    if (ranked.stream().distinct().count() == 1) {
      throw new RejectedRowException(
          Reason.TIE, "all %d ranked responses have the same rank".formatted(ranked.size()));
    }

    if (!RankedPair.isAnyIn(ranking)) {
      throw new RejectedRowException(
          Reason.IDENTICAL_RESPONSES, "the responses with different ranks are equal");
    }

    if (RankedPair.isContradiction(ranking)) {
      throw new RejectedRowException(
          Reason.CONTRADICTORY_PAIR, "one text is ranked both above and below another");
    }

    return ranking;
  }

  /** Ranks 0, 1, ... in the order of the given ones, which may have gaps. */
  static List<Integer> dense(List<Optional<Double>> ranks) {
    Map<Double, Integer> places = new HashMap<>();
    ranks.stream()
        .flatMap(Optional::stream)
        .distinct()
        .sorted()
        .forEach(rank -> places.put(rank, places.size()));
    return ranks.stream().map(rank -> rank.map(places::get).orElse(RawRecord.UNRANKED)).toList();
  }

  private static List<Optional<Double>> ranks(JsonRow row) throws RejectedRowException {
    List<Optional<Double>> ranks = new ArrayList<>();
    for (JsonNode rank : row.list("ranks")) {
      if (!rank.isNull()) {
        JsonRow.check(rank.isNumber(), "ranks", rank, "numbers and nulls");
      }

      ranks.add(rank.isNull() ? Optional.empty() : Optional.of(JsonRow.finite("ranks", rank)));
    }

    return ranks;
  }
}
