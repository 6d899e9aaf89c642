package org.rlhf4j.jobs.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.rlhf4j.data.dataset.Message;
import org.rlhf4j.text.TextEncoder;

/**
 * Texts of one JSON row that a tokenizer is to learn from: whatever a model will read or write, in
 * the form in which it is encoded. Rows outside the training split have none.
 */
final class RowTexts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] TEXT_KEYS = {
    "text", "response", "chosen", "rejected", "completion", "instruction", "input", "output"
  };

  private RowTexts() {}

  /** Empty for a line that is not a JSON object: a few bad lines do not change a vocabulary. */
  static List<String> of(String line) {
    JsonNode row;
    try {
      row = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return List.of();
    }
    if (!row.path("split").asText("train").equals("train")) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    Stream.of(TEXT_KEYS)
        .map(row::path)
        .filter(JsonNode::isTextual)
        .forEach(node -> texts.add(node.textValue()));
    addPrompt(row.path("prompt"), texts);
    addPrompt(row.path("messages"), texts);
    return texts;
  }

  private static void addPrompt(JsonNode prompt, List<String> texts) {
    if (prompt.isTextual()) {
      texts.add(prompt.textValue());
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : prompt) {
      messages.add(new Message(message.path("role").asText(), message.path("content").asText()));
    }
    if (!messages.isEmpty()) {
      texts.add(TextEncoder.withoutTemplate(messages));
    }
  }
}
