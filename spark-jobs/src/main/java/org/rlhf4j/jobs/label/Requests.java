package org.rlhf4j.jobs.label;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskKilledException;
import org.rlhf4j.jobs.JobException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests at a bounded pace and repeats those that failed for a reason that may pass: no
 * connection, no answer in time, and the codes 408, 425, 429 and 5xx. Neither key nor content is
 * ever logged.
 */
final class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private final HttpClient client;
  private final Retries retries;
  private final Pace pace;

  Requests(HttpClient client, Retries retries, Pace pace) {
    this.client = client;
    this.retries = retries;
    this.pace = pace;
  }

  /**
   * The body of the endpoint's answer.
   *
   * @throws JobException if it refuses, or does not answer after all attempts
   */
  String post(HttpEndpoint endpoint, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url())
            .timeout(Duration.ofSeconds(retries.timeoutSeconds()))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!endpoint.key().isEmpty()) {
      request.header("Authorization", "Bearer " + endpoint.key());
    }
    try {
      return attempt(endpoint, request.build());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TaskKilledException("labelling interrupted");
    }
  }

  private String attempt(HttpEndpoint endpoint, HttpRequest request) throws InterruptedException {
    for (int failures = 1; ; failures++) {
      pace.await();
      String problem;
      long asked = 0;
      try {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return response.body();
        }
        problem = "code " + response.statusCode();
        if (!mayPass(response.statusCode())) {
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
            "The judge %s did not answer in %d attempts (%s); run the same command again later, what"
                + " it has answered is kept",
            endpoint, failures, problem);
      }
      LOG.info("Judge {}: {}, attempt {} of {}", endpoint, problem, failures, retries.most() + 1);
      TimeUnit.MILLISECONDS.sleep(retries.delayMillis(failures, asked));
    }
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
