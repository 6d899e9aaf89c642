package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.dataset.Split;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;

/** Rows of datasets from raw records, with their ids, splits and weights. */
public final class DatasetRows {
  private final SplitRule splits;
  private final SourceWeights weights;

  /** All sources weigh the same. */
  public DatasetRows(SplitRule splits) {
    this(splits, SourceWeights.EQUAL);
  }

  public DatasetRows(SplitRule splits, SourceWeights weights) {
    this.splits = splits;
    this.weights = weights;
  }

  /**
   * All ordered pairs of a ranking of K responses, each with weight 1/C(K,2) of the row's weight;
   * ties and equal texts give none, and unranked responses do not count to K.
   */
  public List<PreferencePair> pairs(Ranking ranking) {
    Identity identity = ranking.identity();
    return pairs(ranking, identity.promptId(), identity.key());
  }

  /**
   * The same where prompt id and key of the ranking are known already.
   *
   * @param groupId key of the ranking
   */
  public List<PreferencePair> pairs(Ranking ranking, String promptId, String groupId) {
    List<RankedPair> rankedPairs = RankedPair.of(ranking);
    int responses = RankedPair.rankedResponses(ranking);
    double weight = weights.of(ranking.origin()) * 2.0 / (responses * (responses - 1.0));
    Split split = splits.of(promptId);
    List<PreferencePair> pairs = new ArrayList<>(rankedPairs.size());
    for (RankedPair pair : rankedPairs) {
      String chosen = ranking.responses().get(pair.better());
      String rejected = ranking.responses().get(pair.worse());
      pairs.add(
          new PreferencePair(
              responses == 2 ? groupId : RowKeys.ofPair(groupId, chosen, rejected),
              groupId,
              promptId,
              split,
              ranking.origin().source(),
              ranking.prompt(),
              chosen,
              rejected,
              ranking.margin(),
              weight,
              ranking.origin().annotator(),
              ranking.critique()));
    }

    return pairs;
  }

  /**
   * The pairs of one annotator's comparisons of K responses, each with weight 1/C(K,2) of the
   * row's.
   *
   * @param groupId key of the comparisons
   */
  public List<PreferencePair> pairs(Comparisons comparisons, String promptId, String groupId) {
    Split split = splits.of(promptId);
    double share = 2.0 / (comparisons.responses() * (comparisons.responses() - 1.0));
    List<PreferencePair> pairs = new ArrayList<>(comparisons.pairs().size());
    for (Ranking pair : comparisons.pairs()) {
      int better = pair.ranks().get(0) == 0 ? 0 : 1;
      String chosen = pair.responses().get(better);
      String rejected = pair.responses().get(1 - better);
      pairs.add(
          new PreferencePair(
              RowKeys.ofPair(groupId, chosen, rejected),
              groupId,
              promptId,
              split,
              pair.origin().source(),
              pair.prompt(),
              chosen,
              rejected,
              pair.margin(),
              share * weights.of(pair.origin()),
              pair.origin().annotator(),
              pair.critique()));
    }

    return pairs;
  }

  /** The row of a response to imitate. */
  public Demonstration demonstration(DemonstratedResponse raw) {
    String promptId = raw.promptId();
    return new Demonstration(
        raw.key(),
        promptId,
        splits.of(promptId),
        raw.origin().source(),
        raw.prompt(),
        raw.response(),
        weights.of(raw.origin()));
  }

  /** The row of a rated response. */
  public Rating rating(RatedResponse raw) {
    String promptId = raw.promptId();
    return new Rating(
        raw.key(),
        promptId,
        splits.of(promptId),
        raw.origin().source(),
        raw.prompt(),
        raw.response(),
        raw.rating(),
        raw.origin().annotator(),
        weights.of(raw.origin()),
        raw.critique());
  }

  /** The row of a prompt. */
  public Prompt prompt(PlainPrompt raw) {
    return prompt(raw.prompt(), raw.origin().source());
  }

  /** The row of a prompt that some row of the source has. */
  public Prompt prompt(List<Message> prompt, String source) {
    String promptId = RowIds.promptId(prompt);
    return new Prompt(promptId, splits.of(promptId), source, prompt);
  }
}
