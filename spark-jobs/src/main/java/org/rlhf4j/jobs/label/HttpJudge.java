package org.rlhf4j.jobs.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;
import org.rlhf4j.jobs.JobException;

/**
 * A chat-completions endpoint as judge. Reads the log-probabilities of its first token where it
 * gives them, else the text of its answer; an answer that is neither is no opinion, one half.
 */
final class HttpJudge implements Judge {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double NO_OPINION = 0.5;
  private static final int MOST_TOKENS = 8;
  private static final int ALTERNATIVES = 5;

  private final HttpEndpoint endpoint;
  private final List<String> answers;
  private final Requests requests;
  private final AnswerCache cache;

  HttpJudge(HttpEndpoint endpoint, List<String> answers, Requests requests, AnswerCache cache) {
    this.endpoint = endpoint;
    this.answers = answers;
    this.requests = requests;
    this.cache = cache;
  }

  @Override
  public double[] firstIsBetter(List<Question> questions) {
    return questions.stream().mapToDouble(this::firstIsBetter).toArray();
  }

  private double firstIsBetter(Question question) {
    String body = body(question);
    OptionalDouble known = cache.find(endpoint, body);
    if (known.isPresent()) {
      return known.getAsDouble();
    }
    double answer = read(requests.post(endpoint, body));
    cache.keep(endpoint, body, answer);
    return answer;
  }

  private String body(Question question) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", endpoint.model());
    ObjectNode message = body.putArray("messages").addObject();
    message.put("role", "user").put("content", question.text());
    body.put("max_tokens", MOST_TOKENS).put("temperature", 0);
    body.put("logprobs", true).put("top_logprobs", ALTERNATIVES);
    return body.toString();
  }

  private double read(String response) {
    JsonNode choice;
    try {
      choice = JSON.readTree(response).path("choices").path(0);
    } catch (JsonProcessingException e) {
      choice = JSON.missingNode();
    }
    if (choice.isMissingNode()) {
      throw JobException.badInput(
          "The judge %s gave an answer that is no chat completion; check --judge-url", endpoint);
    }
    JsonNode tokens = choice.path("logprobs").path("content").path(0).path("top_logprobs");
    double first = probability(tokens, answers.get(0));
    double second = probability(tokens, answers.get(1));
    if (first + second > 0) {
      return first / (first + second);
    }
    return textual(choice.path("message").path("content").asText().strip());
  }

  /** Sum over the tokens that are this answer, with or without blanks around it. */
  private static double probability(JsonNode tokens, String answer) {
    double sum = 0;
    for (JsonNode token : tokens) {
      if (token.path("token").asText().strip().equals(answer)) {
        sum += Math.exp(token.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
      }
    }
    return sum;
  }

  private double textual(String text) {
    boolean first = text.startsWith(answers.get(0));
    boolean second = text.startsWith(answers.get(1));
    if (first == second) {
      return NO_OPINION;
    }
    return first ? 1 : 0;
  }

  @Override
  public void close() {
    // The client's threads end with it.
  }
}
