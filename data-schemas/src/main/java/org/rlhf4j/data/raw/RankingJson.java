package org.rlhf4j.data.raw;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/** Writes rankings as rows of the raw format {@code ranking}. */
public final class RankingJson {
  private static final JsonMapper JSON = new JsonMapper();

  private RankingJson() {}

  /** A row that {@link RawFormat#RANKING} reads back as the same ranking. */
  public static byte[] write(Ranking ranking) {
    ObjectNode row = JSON.createObjectNode();
    ArrayNode prompt = row.putArray("prompt");
    for (Message message : ranking.prompt()) {
      prompt.addObject().put("role", message.role()).put("content", message.content());
    }

    ArrayNode responses = row.putArray("responses");
    ranking.responses().forEach(responses::add);
    ArrayNode ranks = row.putArray("ranks");
    for (int rank : ranking.ranks()) {
      if (rank == RawRecord.UNRANKED) {
        ranks.addNull();
      } else {
        ranks.add(rank);
      }
    }

    ranking.margin().ifPresent(margin -> row.put("margin", margin));
    ranking.critique().ifPresent(critique -> row.put("critique", critique));
    ranking.origin().annotator().ifPresent(annotator -> row.put("annotator", annotator));
    row.put("source", ranking.origin().source()).put("weight", ranking.origin().weight());
    try {
      return JSON.writeValueAsBytes(row);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a ranking", e);
    }
  }
}
