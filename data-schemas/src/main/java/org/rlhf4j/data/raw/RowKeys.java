package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;

/**
 * Keys by which rows are the same, or contradict each other. Texts are compared in their normal
 * form; the annotator counts; source, weight, margin and critique do not.
 */
final class RowKeys {
  /** 64 bits: verdicts are compared among the rows of one prompt. */
  static final int VERDICT_HASH_LENGTH = 16;

  private RowKeys() {}

  /** The same for a pair and for a ranking of the same two responses. */
  static String of(Ranking ranking) {
    List<String> texts = ranking.responses().stream().map(RowIds::normalize).toList();
    List<Integer> ranked =
        IntStream.range(0, texts.size())
            .filter(i -> ranking.ranks().get(i) != RawRecord.UNRANKED)
            .boxed()
            .sorted(
                Comparator.<Integer, Integer>comparing(ranking.ranks()::get)
                    .thenComparing(texts::get))
            .toList();
    List<String> parts = judgement(ranking.promptId(), ranking.origin().annotator());
    List<Integer> distinct = ranked.stream().map(ranking.ranks()::get).distinct().toList();
    for (int i : ranked) {
      parts.add(Integer.toString(distinct.indexOf(ranking.ranks().get(i))));
      parts.add(texts.get(i));
    }

    return RowIds.hash("comparison", parts);
  }

  static String ofPair(String groupId, RankedPair pair) {
    return RowIds.hash(
        "pair",
        List.of(groupId, RowIds.normalize(pair.chosen()), RowIds.normalize(pair.rejected())));
  }

  static String of(RatedResponse row) {
    List<String> parts = judgement(row.promptId(), row.origin().annotator());
    parts.add(RowIds.normalize(row.response()));
    parts.add(Double.toString(row.rating()));
    return RowIds.hash("rating", parts);
  }

  static String of(DemonstratedResponse row) {
    return RowIds.hash("demonstration", List.of(promptId(row), RowIds.normalize(row.response())));
  }

  /** Plain text has no prompt; it is its own, so that not all of it falls into one split. */
  static String promptId(DemonstratedResponse row) {
    return RowIds.promptId(
        row.prompt().isEmpty() ? List.of(Message.text(row.response())) : row.prompt());
  }

  static Likeness likeness(Ranking ranking) {
    List<Integer> ranked =
        IntStream.range(0, ranking.responses().size())
            .filter(i -> ranking.ranks().get(i) != RawRecord.UNRANKED)
            .boxed()
            .toList();
    return new Likeness(
        context(ranking.origin().annotator(), ""),
        ranked.stream().map(ranking.responses()::get).toList(),
        ranked.stream().map(ranking.ranks()::get).toList());
  }

  static Likeness likeness(RatedResponse row) {
    return new Likeness(
        context(row.origin().annotator(), Double.toString(row.rating())),
        List.of(row.response()),
        List.of(0));
  }

  /** Plain text is its own prompt, and has been compared as that. */
  static Likeness likeness(DemonstratedResponse row) {
    boolean isText = row.prompt().isEmpty();
    return new Likeness(
        "", isText ? List.of() : List.of(row.response()), isText ? List.of() : List.of(0));
  }

  private static String context(Optional<String> annotator, String rating) {
    return RowIds.hash(
        "context", List.of(annotator.isPresent() ? "by" : "", annotator.orElse(""), rating));
  }

  /** One verdict for each pair of a ranking. */
  static List<Verdict> verdicts(Ranking ranking) {
    String judge = shortHash("judge", judgement(ranking.promptId(), ranking.origin().annotator()));
    Map<String, String> hashes = new HashMap<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (RankedPair pair : RankedPair.of(ranking)) {
      verdicts.add(
          new Verdict(
              judge,
              hashes.computeIfAbsent(pair.chosen(), RowKeys::responseHash),
              hashes.computeIfAbsent(pair.rejected(), RowKeys::responseHash)));
    }

    return verdicts;
  }

  private static String responseHash(String response) {
    return shortHash("response", List.of(RowIds.normalize(response)));
  }

  private static String shortHash(String kind, List<String> parts) {
    return RowIds.hash(kind, parts).substring(0, VERDICT_HASH_LENGTH);
  }

  private static List<String> judgement(String promptId, Optional<String> annotator) {
    List<String> parts = new ArrayList<>();
    parts.add(promptId);
    parts.add(annotator.isPresent() ? "by" : "");
    parts.add(annotator.orElse(""));
    return parts;
  }
}
