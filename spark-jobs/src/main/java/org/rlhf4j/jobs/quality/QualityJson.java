package org.rlhf4j.jobs.quality;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.rlhf4j.jobs.quality.QualityResult.AnnotatorModel;
import org.rlhf4j.jobs.quality.QualityResult.RankingCounts;
import org.rlhf4j.jobs.quality.QualityResult.ScreeningCounts;
import org.rlhf4j.jobs.quality.QualityResult.VoteCounts;

/** Content of {@code quality.json}: what is not defined is null, except gold, which is left out. */
final class QualityJson {
  private static final JsonMapper JSON = new JsonMapper();

  private QualityJson() {}

  static String write(QualityResult result) {
    ObjectNode json = JSON.createObjectNode();
    VoteCounts counts = result.counts();
    json.put("items", counts.items());
    json.put("annotators", result.annotators());
    json.put("votes", counts.votes());
    put(json, "fleiss_kappa", result.fleissKappa());
    ObjectNode alpha = json.putObject("krippendorff_alpha");
    result.krippendorffAlpha().forEach((level, value) -> put(alpha, level, value));
    put(json, "cohen_kappa_mean", result.cohenKappaMean());
    put(json, "pairwise_agreement", result.pairwiseAgreement());
    result.goldAgreement().ifPresent(value -> json.put("gold_agreement", value));
    for (String bias : List.of("first_chosen", "longer_chosen")) {
      result.statistic(bias).ifPresent(value -> json.put(bias, value));
    }

    json.put("level", result.level());
    ObjectNode intervals = json.putObject("intervals");
    result
        .intervals()
        .forEach((key, bounds) -> intervals.putArray(key).add(bounds.low()).add(bounds.high()));
    putModel(json.putObject("annotator_model"), result.model());
    result
        .comparisonModel()
        .ifPresent(model -> putModel(json.putObject("comparison_model"), model));
    result.rankings().ifPresent(rankings -> putRankings(json.putObject("rankings"), rankings));
    putScreening(json.putObject("screening"), result.screening());
    json.put("duplicate_votes", counts.duplicate());
    json.put("contradictory_votes", counts.contradictory());
    json.put("missing_votes", counts.missing());
    json.put("gold_rows", counts.gold());
    json.put("quarantined", counts.quarantined());
    return json.toPrettyString() + "\n";
  }

  private static void putModel(ObjectNode json, AnnotatorModel model) {
    json.put("name", model.name());
    json.put("iterations", model.iterations());
    json.put("converged", model.isConverged());
    json.put("log_likelihood", model.logLikelihood());
  }

  private static void putRankings(ObjectNode json, RankingCounts rankings) {
    json.put("groups", rankings.groups());
    json.put("things", rankings.things());
    json.put("comparisons", rankings.comparisons());
    json.put("ties", rankings.ties());
    json.put("components", rankings.components());
    json.put("cycles", rankings.cycles());
    json.put("groups_unconverged", rankings.unconverged());
  }

  private static void putScreening(ObjectNode json, ScreeningCounts screening) {
    json.put("policy", screening.policy());
    json.put("annotators_dropped", screening.annotators());
    json.put("votes_kept", screening.keptVotes());
    json.put("votes_dropped", screening.droppedVotes());
    json.put("items_dropped", screening.items());
    screening
        .preferences()
        .ifPresent(
            rows ->
                json.put("preferences_kept", rows.kept())
                    .put("preferences_dropped", rows.dropped()));
  }

  private static void put(ObjectNode json, String key, Optional<Double> value) {
    value.ifPresentOrElse(number -> json.put(key, number), () -> json.putNull(key));
  }
}
