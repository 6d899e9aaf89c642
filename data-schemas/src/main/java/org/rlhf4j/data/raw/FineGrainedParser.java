package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.data.raw.RawRecord.Comparisons;
import org.rlhf4j.data.raw.RawRecord.Origin;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/**
 * Fine-Grained RLHF: {@code {"question", "passages"?, "prediction 1", ..., "prediction K",
 * "preference", "feedback"?}}. The preference has a number for each two predictions (1 and 2, 1 and
 * 3, ..., K-1 and K): 1 the first is better, 2 the second, 0 a tie. The feedback speaks of the
 * first prediction and stays as it is, as the critique of the pairs with it.
 */
final class FineGrainedParser implements RowParser {
  private static final String PREDICTION = "prediction ";

  @Override
  public Comparisons parse(JsonRow row) throws RejectedRowException {
    List<String> predictions = predictions(row);
    Iterator<JsonNode> preference = preference(row, predictions.size()).iterator();
    List<Message> prompt = prompt(row);
    Optional<String> critique = row.optionalJson("feedback");
    Origin origin = RowParser.origin(row, RawFormat.FINE_GRAINED);
    List<Ranking> pairs = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (int i = 0; i < predictions.size(); i++) {
      Optional<String> words = i == 0 ? critique : Optional.empty();
      for (int j = i + 1; j < predictions.size(); j++) {
        List<String> pair = List.of(predictions.get(i), predictions.get(j));
        List<Integer> ranks = ranks(preference.next());
        Ranking ranking = new Ranking(prompt, pair, ranks, Optional.empty(), words, origin);
        if (isChoice(pair, ranks) && told.add(ranking.key())) {
          pairs.add(ranking);
        }
      }
    }

    if (pairs.isEmpty()) {
      throw new RejectedRowException(
          Reason.TIE, "none of the %d predictions is preferred".formatted(predictions.size()));
    }

    return new Comparisons(pairs, predictions.size());
  }

  static boolean isLike(Predicate<String> tells) {
    return tells.test("preference") && tells.test(PREDICTION + 1);
  }

  private static List<String> predictions(JsonRow row) throws RejectedRowException {
    List<String> predictions = new ArrayList<>();
    do {
      String field = PREDICTION + (predictions.size() + 1);
      predictions.add(Conversations.nonEmptyResponse(field, row.text(field)));
    } while (row.has(PREDICTION + (predictions.size() + 1)));
    return predictions;
  }

  private static List<JsonNode> preference(JsonRow row, int predictions)
      throws RejectedRowException {
    List<JsonNode> preference = row.list("preference");
    int pairs = predictions * (predictions - 1) / 2;
    if (preference.size() != pairs) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE,
          "%d predictions have %d pairs, but there are %d preferences"
              .formatted(predictions, pairs, preference.size()));
    }

    return preference;
  }

  private static List<Integer> ranks(JsonNode choice) throws RejectedRowException {
    JsonRow.check(choice.isIntegralNumber(), "preference", choice, "0, 1 or 2");
    return switch (choice.asText()) {
      case "0" -> List.of(0, 0);
      case "1" -> List.of(0, 1);
      case "2" -> List.of(1, 0);
      default ->
          throw new RejectedRowException(
              Reason.WRONG_TYPE, "a preference is " + choice + ", but must be 0, 1 or 2");
    };
  }

  private static boolean isChoice(List<String> pair, List<Integer> ranks) {
    return !ranks.get(0).equals(ranks.get(1))
        && !RowIds.normalize(pair.get(0)).equals(RowIds.normalize(pair.get(1)));
  }

  /** The passages, which the answers have to rest on, then the question. */
  private static List<Message> prompt(JsonRow row) throws RejectedRowException {
    StringBuilder text = new StringBuilder();
    for (JsonNode passage : row.has("passages") ? row.list("passages") : List.<JsonNode>of()) {
      JsonRow.check(passage.isArray(), "passages", passage, "lists of a title and sentences");
      List<String> lines = new ArrayList<>();
      for (JsonNode line : passage) {
        lines.add(JsonRow.text("passages", line));
      }

      text.append(String.join(" ", lines)).append("\n\n");
    }

    Conversations.nonEmpty(List.of(Message.text(row.text("question"))));
    return List.of(new Message(Message.USER, text + row.text("question")));
  }
}
