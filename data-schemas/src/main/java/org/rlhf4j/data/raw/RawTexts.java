package org.rlhf4j.data.raw;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The texts of rows of any form, as held-out sets come in. */
public final class RawTexts {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY) // one text would be lost
          .build();

  private RawTexts() {}

  /**
   * All text values of a row that is a JSON object, list or text, whatever their keys; any other
   * row is a text itself, also one that begins like JSON or is a number.
   */
  public static List<String> of(byte[] row) {
    String text = new String(row, StandardCharsets.UTF_8);
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isContainerNode() && !node.isTextual()) {
        return List.of(text);
      }

      List<String> texts = new ArrayList<>();
      addTexts(node, texts);
      return texts;
    } catch (JsonProcessingException e) {
      return List.of(text);
    }
  }

  /** The parser refuses deep nesting, so that recursion is no danger. */
  private static void addTexts(JsonNode node, List<String> texts) {
    if (node.isTextual()) {
      texts.add(node.textValue());
    } else if (node.isContainerNode()) {
      node.forEach(child -> addTexts(child, texts));
    }
  }
}
