package org.rlhf4j.jobs.label;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.rlhf4j.config.LabelConfig;

/**
 * Judges that ask an endpoint, one connection for each task.
 *
 * @param secondsPerRequest least time between two requests of a task
 * @param cache directory of answers
 */
record HttpFactory(
    HttpEndpoint endpoint,
    List<String> answers,
    int connections,
    double secondsPerRequest,
    Retries retries,
    String cache)
    implements JudgeFactory {
  private static final long FIRST_DELAY_MILLIS = 500;

  /**
   * @param answers that the judge may give
   * @param config how it is asked
   */
  static HttpFactory of(
      HttpEndpoint endpoint, List<String> answers, LabelConfig config, String cache) {
    double secondsPerRequest =
        config.requestsPerSecond() > 0 ? config.connections() / config.requestsPerSecond() : 0;
    Retries retries = new Retries(config.retries(), FIRST_DELAY_MILLIS, config.timeoutSeconds());
    return new HttpFactory(
        endpoint, answers, config.connections(), secondsPerRequest, retries, cache);
  }

  @Override
  public String name() {
    return endpoint.model();
  }

  @Override
  public int mostTasks(int parallelism) {
    return connections;
  }

  @Override
  public Judge judge() {
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(retries.timeoutSeconds()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    Requests requests = new Requests(client, retries, new Pace(secondsPerRequest));
    return new HttpJudge(endpoint, answers, requests, new AnswerCache(cache));
  }
}
