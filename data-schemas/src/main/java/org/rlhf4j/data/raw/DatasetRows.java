package org.rlhf4j.data.raw;

import java.util.ArrayList;
import java.util.List;
import org.rlhf4j.data.dataset.Demonstration;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.PreferencePair;
import org.rlhf4j.data.dataset.Prompt;
import org.rlhf4j.data.dataset.Rating;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.DemonstratedResponse;
import org.rlhf4j.data.raw.RawRecord.PlainPrompt;
import org.rlhf4j.data.raw.RawRecord.Ranking;
import org.rlhf4j.data.raw.RawRecord.RatedResponse;

/** Rows of datasets from raw records, with their ids, splits and weights. */
public final class DatasetRows {
  private final SplitRule splits;

  public DatasetRows(SplitRule splits) {
    this.splits = splits;
  }

  /**
   * All ordered pairs of a ranking of K responses, each with weight 1/C(K,2) of the row's weight;
   * ties and equal texts give none, and unranked responses do not count to K.
   */
  public List<PreferencePair> pairs(Ranking ranking) {
    String promptId = ranking.promptId();
    String groupId = ranking.key();
    List<RankedPair> rankedPairs = RankedPair.of(ranking);
    int responses = RankedPair.rankedResponses(ranking);
    double weight = ranking.origin().weight() * 2.0 / (responses * (responses - 1.0));
    List<PreferencePair> pairs = new ArrayList<>(rankedPairs.size());
    for (RankedPair pair : rankedPairs) {
      pairs.add(
          new PreferencePair(
              responses == 2 ? groupId : RowKeys.ofPair(groupId, pair),
              groupId,
              promptId,
              splits.of(promptId),
              ranking.origin().source(),
              ranking.prompt(),
              pair.chosen(),
              pair.rejected(),
              ranking.margin(),
              weight,
              ranking.origin().annotator(),
              ranking.critique()));
    }

    return pairs;
  }

  public Demonstration demonstration(DemonstratedResponse raw) {
    String promptId = raw.promptId();
    return new Demonstration(
        raw.key(),
        promptId,
        splits.of(promptId),
        raw.origin().source(),
        raw.prompt(),
        raw.response(),
        raw.origin().weight());
  }

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
        raw.origin().weight());
  }

  public Prompt prompt(PlainPrompt raw) {
    return prompt(raw.prompt(), raw.origin().source());
  }

  public Prompt prompt(List<Message> prompt, String source) {
    String promptId = RowIds.promptId(prompt);
    return new Prompt(promptId, splits.of(promptId), source, prompt);
  }
}
