package org.rlhf4j.jobs.quality;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Content of {@code quality.json}: what is not defined is null, except gold, which is left out. */
final class QualityJson {
  private static final JsonMapper JSON = new JsonMapper();

  private QualityJson() {}

  static String write(QualityResult result) {
    ObjectNode json = JSON.createObjectNode();
    json.put("items", result.items());
    json.put("annotators", result.annotators());
    json.put("votes", result.votes());
    put(json, "fleiss_kappa", result.fleissKappa());
    ObjectNode alpha = json.putObject("krippendorff_alpha");
    result.krippendorffAlpha().forEach((level, value) -> put(alpha, level, value));
    put(json, "cohen_kappa_mean", result.cohenKappaMean());
    put(json, "pairwise_agreement", result.pairwiseAgreement());
    result.goldAgreement().ifPresent(value -> json.put("gold_agreement", value));
    json.put("level", result.level());
    json.put("duplicate_votes", result.duplicateVotes());
    json.put("contradictory_votes", result.contradictoryVotes());
    json.put("missing_votes", result.missingVotes());
    json.put("quarantined", result.quarantined());
    return json.toPrettyString() + "\n";
  }

  private static void put(ObjectNode json, String key, Optional<Double> value) {
    value.ifPresentOrElse(number -> json.put(key, number), () -> json.putNull(key));
  }
}
