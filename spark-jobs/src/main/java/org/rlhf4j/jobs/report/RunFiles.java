package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.rlhf4j.jobs.JobException;
import org.rlhf4j.jobs.dataset.Storage;

/** The files of a run directory that a report reads; those that are not there yet are empty. */
final class RunFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Storage storage;
  private final String root;

  RunFiles(Storage storage, String root) {
    this.storage = storage;
    this.root = root;
  }

  boolean exists(String name) {
    return storage.exists(new Path(root, name));
  }

  JsonNode json(String name) {
    Path file = new Path(root, name);
    return storage.exists(file) ? parse(storage.readText(file), file) : MissingNode.getInstance();
  }

  /** The rows of {@code metrics/STAGE.jsonl}. */
  List<JsonNode> metrics(String stage) {
    Path file = new Path(root, "metrics/" + stage + ".jsonl");
    List<JsonNode> rows = new ArrayList<>();
    if (storage.exists(file)) {
      storage.readText(file).lines().forEach(line -> rows.add(parse(line, file)));
    }
    return rows;
  }

  String text(String name) {
    Path file = new Path(root, name);
    return storage.exists(file) ? storage.readText(file) : "";
  }

  private static JsonNode parse(String text, Path file) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw JobException.badInput("%s is not valid JSON; run its stage again", file);
    }
  }
}
