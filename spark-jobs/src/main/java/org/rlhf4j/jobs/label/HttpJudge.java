package org.rlhf4j.jobs.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A chat-completions endpoint as judge. Reads the log-probabilities of its first token where it
 * gives them, else the text of its answer; an answer that is neither is no opinion: all are as
 * likely.
 */
final class HttpJudge implements Judge {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_TOKENS = 8;
  private static final int LEAST_ALTERNATIVES = 5;

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
  public List<Optional<Opinion>> opinions(List<Inquiry> inquiries) {
    return inquiries.stream().map(this::opinion).toList();
  }

  /** Nobody tells how long a question may be: what it refuses is asked with half of it. */
  private Optional<Opinion> opinion(Inquiry inquiry) {
    int most = inquiry.longest();
    Optional<Opinion> opinion = opinion(inquiry, most);
    while (opinion.isEmpty() && most > 1) {
      most /= 2;
      opinion = opinion(inquiry, most);
    }
    return opinion;
  }

  /** Empty if a question is too long for the endpoint. */
  private Optional<Opinion> opinion(Inquiry inquiry, int most) {
    List<double[]> probabilities = new ArrayList<>();
    for (Question question : inquiry.questions().apply(most)) {
      Optional<double[]> said = probabilities(question);
      if (said.isEmpty()) {
        return Optional.empty();
      }
      probabilities.add(said.get());
    }
    return Optional.of(new Opinion(probabilities, most));
  }

  private Optional<double[]> probabilities(Question question) {
    String body = body(question);
    Optional<double[]> known = cache.find(endpoint, answers, body);
    if (known.isPresent()) {
      return known;
    }
    Optional<double[]> probabilities = requests.post(endpoint, body, this::read);
    probabilities.ifPresent(said -> cache.keep(endpoint, answers, body, said));
    return probabilities;
  }

  private String body(Question question) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", endpoint.model());
    ObjectNode message = body.putArray("messages").addObject();
    message.put("role", "user").put("content", question.text());
    body.put("max_tokens", MOST_TOKENS).put("temperature", 0);
    body.put("logprobs", true);
    body.put("top_logprobs", Math.max(LEAST_ALTERNATIVES, answers.size()));
    return body.toString();
  }

  /** Empty if the text is no chat completion. */
  private Optional<double[]> read(String response) {
    JsonNode choice;
    try {
      choice = JSON.readTree(response).path("choices").path(0);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    return choice.isMissingNode() ? Optional.empty() : Optional.of(probabilities(choice));
  }

  private double[] probabilities(JsonNode choice) {
    JsonNode tokens = choice.path("logprobs").path("content").path(0).path("top_logprobs");
    double[] said = answers.stream().mapToDouble(answer -> probability(tokens, answer)).toArray();
    double total = Arrays.stream(said).sum();
    return total > 0
        ? Arrays.stream(said).map(probability -> probability / total).toArray()
        : textual(choice.path("message").path("content").asText().strip());
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

  /** All on the longest answer that the text begins with; evenly if there is none. */
  private double[] textual(String text) {
    double[] probabilities = new double[answers.size()];
    Arrays.fill(probabilities, 1.0 / probabilities.length);
    answers.stream()
        .filter(text::startsWith)
        .max(Comparator.comparingInt(String::length))
        .ifPresent(
            answer -> {
              Arrays.fill(probabilities, 0);
              probabilities[answers.indexOf(answer)] = 1;
            });
    return probabilities;
  }

  @Override
  public void close() {
    // The client's threads end with it.
  }
}
