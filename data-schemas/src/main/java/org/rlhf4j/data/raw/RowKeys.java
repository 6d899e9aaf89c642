package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;
import org.rlhf4j.data.similarity.Hashes;

/**
 * Keys by which rows are the same, or contradict each other. Texts are compared in their normal
 * form; the annotator counts; source, weight, margin and critique do not.
 */
final class RowKeys {
  private RowKeys() {}

  /** The key is the same for a pair and for a ranking of the same two responses. */
  static Identity identity(Ranking ranking) {
    String promptId = ranking.promptId();
    List<String> texts = ranking.responses().stream().map(RowIds::normalize).toList();
    return new Identity(
        promptId, key(promptId, ranking, texts), verdicts(promptId, ranking, texts));
  }

  static Identity identity(Comparisons comparisons) {
    List<Identity> pairs = comparisons.pairs().stream().map(Ranking::identity).toList();
    return new Identity(
        pairs.get(0).promptId(),
        RowIds.hash("comparisons", pairs.stream().map(Identity::key).sorted().toList()),
        pairs.stream().flatMap(pair -> pair.verdicts().stream()).toList());
  }

  private static String key(String promptId, Ranking ranking, List<String> texts) {
    List<Integer> ranked = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      if (ranking.ranks().get(i) != RawRecord.UNRANKED) {
        ranked.add(i);
      }
    }

    ranked.sort(
        Comparator.<Integer, Integer>comparing(ranking.ranks()::get).thenComparing(texts::get));
    List<String> parts = judgement(promptId, ranking.origin().annotator());
    int place = -1;
    int rankBefore = RawRecord.UNRANKED;
    String textBefore = "";
    for (int i : ranked) {
      int rank = ranking.ranks().get(i);
      if (rank == rankBefore && texts.get(i).equals(textBefore)) {
        continue; // says nothing new
      }

      place += rank == rankBefore ? 0 : 1;
      rankBefore = rank;
      textBefore = texts.get(i);
      parts.add(Integer.toString(place));
      parts.add(texts.get(i));
    }

    return RowIds.hash("comparison", parts);
  }

  static String ofPair(String groupId, String chosen, String rejected) {
    return RowIds.hash(
        "pair", List.of(groupId, RowIds.normalize(chosen), RowIds.normalize(rejected)));
  }

  static Identity identity(RatedResponse row) {
    String promptId = row.promptId();
    String text = RowIds.normalize(row.response());
    List<String> parts = judgement(promptId, row.origin().annotator());
    parts.add(text);
    parts.add(Double.toString(row.rating()));
    return new Identity(
        promptId,
        RowIds.hash("rating", parts),
        row.isYesOrNo() ? List.of(yesOrNo(promptId, row, text)) : List.of());
  }

  /** Yes is yes preferred to no. */
  private static Verdict yesOrNo(String promptId, RatedResponse row, String text) {
    long response = Hashes.append(judge(promptId, row.origin().annotator()), Hashes.of(text));
    long yes = Hashes.append(response, 1);
    long no = Hashes.append(response, 0);
    return row.rating() == 1 ? new Verdict(yes, no) : new Verdict(no, yes);
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

  /** The pairs are told apart by their ranks: 0 and 1, 2 and 3, ... */
  static Likeness likeness(Comparisons comparisons) {
    List<String> responses = new ArrayList<>();
    List<Integer> ranks = new ArrayList<>();
    for (Ranking pair : comparisons.pairs()) {
      int first = ranks.size();
      responses.addAll(pair.responses());
      pair.ranks().forEach(rank -> ranks.add(first + rank));
    }

    Optional<String> annotator = comparisons.pairs().get(0).origin().annotator();
    return new Likeness(context(annotator, ""), responses, ranks);
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
  private static List<Verdict> verdicts(String promptId, Ranking ranking, List<String> texts) {
    long judge = judge(promptId, ranking.origin().annotator());
    long[] responses = new long[texts.size()];
    for (int i = 0; i < responses.length; i++) {
      responses[i] = Hashes.append(judge, Hashes.of(texts.get(i)));
    }

    List<Verdict> verdicts = new ArrayList<>();
    for (RankedPair pair : RankedPair.of(ranking.ranks(), texts)) {
      verdicts.add(new Verdict(responses[pair.better()], responses[pair.worse()]));
    }

    return verdicts;
  }

  private static long judge(String promptId, Optional<String> annotator) {
    long judge = Hashes.of(promptId);
    return annotator.isPresent() ? Hashes.append(judge, Hashes.of(annotator.get())) : judge;
  }

  private static List<String> judgement(String promptId, Optional<String> annotator) {
    List<String> parts = new ArrayList<>();
    parts.add(promptId);
    parts.add(annotator.isPresent() ? "by" : "");
    parts.add(annotator.orElse(""));
    return parts;
  }
}
