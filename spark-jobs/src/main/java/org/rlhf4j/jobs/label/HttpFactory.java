package org.rlhf4j.jobs.label;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;

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
