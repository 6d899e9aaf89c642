package org.rlhf4j.jobs.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.rlhf4j.jobs.pipeline.RunState.StageRecord;
import org.rlhf4j.jobs.pipeline.RunState.Status;

/** The text of run.json. */
final class RunStateJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunStateJson() {}

  static String write(RunState state) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", name(state.status()));
    fields.put("exit_code", state.exitCode().orElse(null));
    fields.put("message", state.message());
    fields.put("started", state.started());
    fields.put("finished", state.finished());
    fields.put("config_hash", state.configHash());
    fields.put("input_fingerprint", state.inputFingerprint());
    fields.put("stages", state.stages().stream().map(RunStateJson::stage).toList());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static RunState read(String text) throws JsonProcessingException {
    JsonNode json = JSON.readTree(text);
    List<StageRecord> stages = new ArrayList<>();
    json.path("stages").forEach(stage -> stages.add(stage(stage)));
    JsonNode exitCode = json.path("exit_code");
    return new RunState(
        status(json),
        exitCode.isInt() ? Optional.of(exitCode.intValue()) : Optional.empty(),
        json.path("message").asText(),
        json.path("started").asText(),
        json.path("finished").asText(),
        json.path("config_hash").asText(),
        json.path("input_fingerprint").asText(),
        List.copyOf(stages));
  }

  static String name(Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> stage(StageRecord stage) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", stage.name());
    fields.put("status", name(stage.status()));
    fields.put("started", stage.started());
    fields.put("finished", stage.finished());
    fields.put("seconds", stage.seconds());
    fields.put("counts", stage.counts());
    return fields;
  }

  private static StageRecord stage(JsonNode json) {
    return new StageRecord(
        json.path("name").asText(),
        status(json),
        json.path("started").asText(),
        json.path("finished").asText(),
        json.path("seconds").asDouble(),
        JSON.convertValue(json.path("counts"), new TypeReference<Map<String, Object>>() {}));
  }

  private static Status status(JsonNode json) {
    return Status.valueOf(json.path("status").asText("failed").toUpperCase(Locale.ROOT));
  }
}
