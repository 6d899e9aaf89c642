package org.rlhf4j.jobs.label;

import java.util.List;
import java.util.OptionalDouble;
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

  /** Whom and what: the same question to another model is another one. */
  OptionalDouble find(HttpEndpoint endpoint, String body) {
    Path file = file(endpoint, body);
    return storage.exists(file)
        ? OptionalDouble.of(Double.parseDouble(storage.readText(file).strip()))
        : OptionalDouble.empty();
  }

  void keep(HttpEndpoint endpoint, String body, double answer) {
    storage.replaceText(file(endpoint, body), answer + "\n");
  }

  private Path file(HttpEndpoint endpoint, String body) {
    String hash = RowIds.hash("answer", List.of(endpoint.url().toString(), body));
    return new Path(directory, hash.substring(0, 2) + "/" + hash);
  }
}
