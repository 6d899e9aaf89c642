package org.rlhf4j.jobs.label;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.rlhf4j.config.LabelConfig;
import org.rlhf4j.data.dataset.Message;

/** What a judge is asked about a comparison, in one order of the responses. */
record Question(String text) {
  /** What is asked where the configuration has no question. */
  static final String USUAL =
      String.join(
          "\n\n",
          "A good response is helpful, honest and harmless. Below are a prompt and two responses to"
              + " it. Say which response is better: answer 1 or 2 and nothing else.",
          "Prompt: {prompt}",
          "Response 1: {first}",
          "Response 2: {second}",
          "Better response: ");

  /** What is asked about one response where the configuration has no question. */
  static final String USUAL_GRADE =
      String.join(
          "\n\n",
          "A good response is helpful, honest and harmless. Below are a prompt and a response to it."
              + " Rate the response from 1, the worst, to 5, the best: answer with the number and"
              + " nothing else.",
          "Prompt: {prompt}",
          "Response: {response}",
          "Rating: ");

  /** What a judge is asked about comparisons. */
  static String template(LabelConfig config) {
    return config.template().isEmpty() ? USUAL : config.template();
  }

  /** About one response. */
  static Question of(String template, List<Message> prompt, String response) {
    return fill(template, Map.of("{prompt}", text(prompt), "{response}", response));
  }

  /** The first response of the comparison comes first. */
  static Question of(String template, Comparison comparison) {
    return fill(template, comparison.prompt(), comparison.first(), comparison.second());
  }

  /** The second response of the comparison comes first. */
  static Question swapped(String template, Comparison comparison) {
    return fill(template, comparison.prompt(), comparison.second(), comparison.first());
  }

  private static Question fill(String template, List<Message> prompt, String first, String second) {
    return fill(template, Map.of("{prompt}", text(prompt), "{first}", first, "{second}", second));
  }

  /** Fills the places in one pass, so that braces inside texts stay what they are. */
  private static Question fill(String template, Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    while (from < template.length()) {
      int open = template.indexOf('{', from);
      int close = open < 0 ? -1 : template.indexOf('}', open);
      if (close < 0) {
        break;
      }
      String place = template.substring(open, close + 1);
      boolean known = values.containsKey(place);
      text.append(template, from, open).append(known ? values.get(place) : "{");
      from = known ? close + 1 : open + 1;
    }
    return new Question(text.append(template.substring(from)).toString());
  }

  private static String text(List<Message> prompt) {
    return prompt.stream()
        .map(
            message ->
                message.role().equals(Message.TEXT)
                    ? message.content()
                    : message.role() + ": " + message.content())
        .collect(Collectors.joining("\n\n"));
  }
}
