package org.rlhf4j.data.raw;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.data.raw.RawRecord.Ranking;

/**
 * OpenAI's summarize-from-feedback: {@code {"info", "summaries": [{"text"}, ..], "choice",
 * "worker"}}. The prompt is written as that project's own code writes it.
 */
final class ComparisonsParser implements RowParser {
  @Override
  public Ranking parse(JsonRow row) throws RejectedRowException {
    List<String> summaries = new ArrayList<>();
    for (JsonNode summary : row.list("summaries")) {
      String text = JsonRow.object("summaries", summary).text("text");
      summaries.add(Conversations.nonEmptyResponse("summaries", text));
    }

    int choice = choice(row, summaries.size());
    List<Integer> ranks =
        IntStream.range(0, summaries.size()).mapToObj(i -> i == choice ? 0 : 1).toList();
    List<Message> prompt =
        Conversations.nonEmpty(List.of(Message.text(prompt(row.object("info")))));
    Optional<String> worker = row.optionalName("worker");
    return RankingParser.checked(
        new Ranking(
            prompt,
            summaries,
            ranks,
            Optional.empty(),
            row.optionalText("note"),
            RowParser.origin(row, RawFormat.COMPARISONS, worker)));
  }

  private static int choice(JsonRow row, int summaries) throws RejectedRowException {
    JsonNode choice = row.required("choice");
    boolean isIndex =
        choice.isIntegralNumber()
            && choice.canConvertToInt()
            && choice.intValue() >= 0
            && choice.intValue() < summaries;
    JsonRow.check(isIndex, "choice", choice, "the number of a summary, from 0");
    return choice.intValue();
  }

  private static String prompt(JsonRow info) throws RejectedRowException {
    if (info.has("post")) {
      return "SUBREDDIT: r/%s\n\nTITLE: %s\n\nPOST: %s\n\nTL;DR:"
          .formatted(
              info.optionalText("subreddit").orElse(""),
              info.optionalText("title").orElse(""),
              nonEmpty(info.text("post")));
    }

    return "TITLE: %s\n\nARTICLE: %s\n\nTL;DR:"
        .formatted(info.optionalText("title").orElse(""), nonEmpty(info.text("article")));
  }

  private static String nonEmpty(String text) throws RejectedRowException {
    return Conversations.nonEmpty(List.of(Message.text(text))).get(0).content();
  }
}
