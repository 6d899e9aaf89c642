package org.rlhf4j.jobs.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.data.dataset.RowIds;
import org.rlhf4j.jobs.checkpoint.HadoopPaths;
import org.rlhf4j.jobs.dataset.Storage;

/**
 * Answers by what was asked, one small file each, so that a run that was killed pays for no answer
 * twice.
 */
final class AnswerCache {
  private final Path directory;
  private final Storage storage = new Storage(HadoopPaths.configuration());

  AnswerCache(String directory) {
    this.directory = new Path(directory);
  }

  /** Whom and what: the same question to another model, or for other answers, is another one. */
  Optional<double[]> find(HttpEndpoint endpoint, List<String> answers, String body) {
    Path file = file(endpoint, answers, body);
    return storage.exists(file)
        ? Optional.of(
            Arrays.stream(storage.readText(file).strip().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray())
        : Optional.empty();
  }

  void keep(HttpEndpoint endpoint, List<String> answers, String body, double[] probabilities) {
    String line =
        Arrays.stream(probabilities).mapToObj(Double::toString).collect(Collectors.joining(" "));
    storage.replaceText(file(endpoint, answers, body), line + "\n");
  }

  private Path file(HttpEndpoint endpoint, List<String> answers, String body) {
    List<String> asked = new ArrayList<>(List.of(endpoint.url().toString(), body));
    asked.addAll(answers);
    String hash = RowIds.hash("answer", asked);
    return new Path(directory, hash.substring(0, 2) + "/" + hash);
  }
}
