package org.rlhf4j.data.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Completes rows that users write by hand or by other programs: a text prompt becomes one message,
 * and columns that follow from the others or have a natural default may be left out.
 *
 * <ul>
 *   <li>{@code prompt_id}: hash of the prompt
 *   <li>the row's own id (first column): hash of the row
 *   <li>{@code group_id}: the row's own id
 *   <li>{@code split}: train; {@code weight}: 1; {@code source}: empty; {@code raw_score}: the
 *       score
 * </ul>
 */
public final class PlainRows {
  private PlainRows() {}

  /** The row as it is if it is no object or nothing is to be completed; it may be changed. */
  public static JsonNode complete(JsonNode row, DatasetSchema<?> schema) {
    if (row instanceof ObjectNode object) {
      for (DatasetColumn column : schema.columns()) {
        if (column.type() == ColumnType.MESSAGES && object.path(column.name()).isTextual()) {
          object.set(column.name(), textPrompt(object, object.get(column.name()).textValue()));
        }
      }

      schema.columns().stream()
          .filter(column -> !column.isOptional() && !object.hasNonNull(column.name()))
          .forEach(column -> setDefault(object, column.name(), schema));
    }

    return row;
  }

  private static ArrayNode textPrompt(ObjectNode row, String content) {
    ArrayNode prompt = row.arrayNode();
    prompt.addObject().put("role", Message.TEXT).put("content", content);
    return prompt;
  }

  private static void setDefault(ObjectNode row, String column, DatasetSchema<?> schema) {
    switch (column) {
      case "prompt_id" -> row.put(column, promptId(row.path("prompt")));
      case "group_id" -> row.set(column, row.path(schema.columns().get(0).name()));
      case "split" -> row.put(column, DatasetColumn.storedName(Split.TRAIN));
      case "weight" -> row.put(column, 1.0);
      case "source" -> row.put(column, "");
      case "raw_score" -> row.set(column, row.path("score"));
      default -> {
        if (column.equals(schema.columns().get(0).name()) && column.endsWith("_id")) {
          row.put(column, RowIds.hash(schema.name(), List.of(row.toString())));
        }
      }
    }
  }

  private static String promptId(JsonNode prompt) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : prompt) {
      messages.add(new Message(message.path("role").asText(), message.path("content").asText()));
    }

    return RowIds.promptId(messages);
  }
}
