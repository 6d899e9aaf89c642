package org.rlhf4j.jobs.label;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.spark.TaskKilledException;
import org.rlhf4j.jobs.JobException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests at a bounded pace and repeats those that failed for a reason that may pass: no
 * connection, no answer in time, the codes 408, 425, 429 and 5xx, and an answer that cannot be
 * read, as one that was cut on its way. Neither key nor content is ever logged.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  /**
   * How servers say it: OpenAI, vLLM and SGLang with the model's context length, llama.cpp with its
   * context size, text-generation-inference with how many tokens there must be, others in the other
   * words.
   */
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "context[ _](length|size|window)|must have less than \\d+ tokens"
              + "|max_new_tokens` must be|maximum number of tokens"
              + "|maximum (model|prompt|input) length|reduce the length|too long",
          Pattern.CASE_INSENSITIVE);

  private final HttpClient client;
  private final Retries retries;
  private final Pace pace;

  Requests(HttpClient client, Retries retries, Pace pace) {
    this.client = client;
    this.retries = retries;
    this.pace = pace;
  }

  /**
   * What the endpoint answers; empty if the question is too long for it.
   *
   * @param reader of its answer's body; empty if that is none
   * @throws JobException if it refuses, or does not answer after all attempts
   */
  <T> Optional<T> post(HttpEndpoint endpoint, String body, Function<String, Optional<T>> reader) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url())
            .timeout(Duration.ofSeconds(retries.timeoutSeconds()))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!endpoint.key().isEmpty()) {
      request.header("Authorization", "Bearer " + endpoint.key());
    }
    try {
      return attempt(endpoint, request.build(), reader);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("labelling interrupted");
    }
  }

  private <T> Optional<T> attempt(
      HttpEndpoint endpoint, HttpRequest request, Function<String, Optional<T>> reader)
      throws InterruptedException {
    for (int failures = 1; ; failures++) {
      pace.await();
      String problem;
      long asked = 0;
      try {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        boolean isAnswer = response.statusCode() == 200;
        Optional<T> answer = isAnswer ? reader.apply(response.body()) : Optional.empty();
        if (answer.isPresent()) {
          return answer;
        }
        if (isTooLong(response)) {
          return Optional.empty();
        }
        problem = isAnswer ? "no chat completion" : "code " + response.statusCode();
        if (!isAnswer && !mayPass(response.statusCode())) {
          throw JobException.badInput(
              "The judge %s refused a question with %s; check --judge-url, label.model and the key"
                  + " in label.key-variable",
              endpoint, problem);
        }
        asked = retryAfterMillis(response);
      } catch (IOException e) {
        problem = e.getClass().getSimpleName();
      }
      if (failures > retries.most()) {
        throw JobException.badInput(
            "The judge %s did not answer in %d attempts (%s); check --judge-url, or run the same"
                + " command again later: what it has answered is kept",
            endpoint, failures, problem);
      }
      LOG.info("Judge {}: {}, attempt {} of {}", endpoint, problem, failures, retries.most() + 1);
      TimeUnit.MILLISECONDS.sleep(retries.delayMillis(failures, asked));
    }
  }

  /** Other refusals have the same codes, so the words decide. */
  private static boolean isTooLong(HttpResponse<String> response) {
    return switch (response.statusCode()) {
      case 413 -> true;
      case 400, 422 -> TOO_LONG.matcher(response.body()).find();
      default -> false;
    };
  }

  private static boolean mayPass(int code) {
    return code == 408 || code == 425 || code == 429 || code >= 500;
  }

  private static long retryAfterMillis(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> 1000 * Long.parseLong(value))
        .orElse(0L);
  }
}
