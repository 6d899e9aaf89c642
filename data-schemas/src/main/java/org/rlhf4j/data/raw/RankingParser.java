package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** {@code {"prompt", "responses": [...], "ranks": [...]}}. */
final class RankingParser implements RowParser {
  @Override
  public Ranking parse(JsonRow row) throws RejectedRowException {
    List<String> responses = new ArrayList<>();
    for (JsonNode response : row.list("responses")) {
      responses.add(
          Conversations.nonEmptyResponse("responses", JsonRow.text("responses", response)));
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

  /** Refuses a ranking that gives no pair. */
  static Ranking checked(Ranking ranking) throws RejectedRowException {
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

    if (RankedPair.of(ranking).isEmpty()) {
      throw new RejectedRowException(
          Reason.IDENTICAL_RESPONSES, "the responses with different ranks are equal");
    }

    return ranking;
  }

  /** Ranks 0, 1, ... in the order of the given ones, which may have gaps. */
  static List<Integer> dense(List<Optional<Double>> ranks) {
    TreeSet<Double> values = new TreeSet<>();
    ranks.forEach(rank -> rank.ifPresent(values::add));
    return ranks.stream()
        .map(rank -> rank.map(r -> values.headSet(r).size()).orElse(RawRecord.UNRANKED))
        .toList();
  }

  private static List<Optional<Double>> ranks(JsonRow row) throws RejectedRowException {
    List<Optional<Double>> ranks = new ArrayList<>();
    for (JsonNode rank : row.list("ranks")) {
      if (!rank.isNull()) {
        JsonRow.check(rank.isNumber(), "ranks", rank, "numbers and nulls");
      }

      ranks.add(rank.isNull() ? Optional.empty() : Optional.of(rank.doubleValue()));
    }

    return ranks;
  }
}
