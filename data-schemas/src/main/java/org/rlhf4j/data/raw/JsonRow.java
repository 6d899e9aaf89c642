package org.rlhf4j.data.raw;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Typed access to the fields of one JSON object; what does not fit is rejected with a reason. */
final class JsonRow {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY) // one text would be lost
          .build();

  private static final char REPLACEMENT = '\uFFFD';

  /** Doubles up to here tell every whole number from the next. */
  private static final double LARGEST_WHOLE = 0x1p53;

  private final JsonNode object;

  JsonRow(JsonNode object) {
    this.object = object;
  }

  static JsonRow parse(byte[] bytes) throws RejectedRowException {
    String text = decode(bytes);
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isObject()) {
        throw new RejectedRowException(
            Reason.WRONG_TYPE, "the row is " + typeName(node) + ", but must be an object");
      }

      return new JsonRow(node);
    } catch (JsonProcessingException e) {
      throw new RejectedRowException(Reason.MALFORMED_JSON, e.getOriginalMessage());
    }
  }

  JsonNode json() {
    return object;
  }

  boolean has(String field) {
    return object.hasNonNull(field);
  }

  /** Whether the field has a value that is more than white space. */
  boolean isGiven(String field) {
    return has(field) && !(isText(field) && object.get(field).textValue().isBlank());
  }

  /** The second of two names of a field where the row has only that, else the first. */
  String firstOf(String name, String alternative) {
    return !has(name) && has(alternative) ? alternative : name;
  }

  boolean names(String field) {
    return object.has(field);
  }

  /** The field as it is; a missing node if there is none. */
  JsonNode path(String field) {
    return object.path(field);
  }

  boolean isText(String field) {
    return object.path(field).isTextual();
  }

  boolean isList(String field) {
    return object.path(field).isArray();
  }

  boolean isObject(String field) {
    return object.path(field).isObject();
  }

  JsonNode required(String field) throws RejectedRowException {
    if (!has(field)) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "field " + field + " is missing");
    }

    return object.get(field);
  }

  String text(String field) throws RejectedRowException {
    return text(field, required(field));
  }

  Optional<String> optionalText(String field) throws RejectedRowException {
    return has(field) ? Optional.of(text(field)) : Optional.empty();
  }

  /**
   * Names and ids may be written as text or as a whole number: 3 or, as what has gaps elsewhere is
   * written in columns of numbers, 3.0.
   */
  String name(String field) throws RejectedRowException {
    JsonNode node = required(field);
    if (!isGiven(field)) {
      throw new RejectedRowException(Reason.MISSING_FIELD, "field " + field + " is empty");
    }

    return isWhole(node) ? node.decimalValue().toBigInteger().toString() : text(field, node);
  }

  private static boolean isWhole(JsonNode node) {
    double value = node.isNumber() ? node.doubleValue() : Double.NaN;
    return node.isIntegralNumber()
        || (Math.rint(value) == value && Math.abs(value) <= LARGEST_WHOLE);
  }

  /** Empty without a name, which a text of white space is not. */
  Optional<String> optionalName(String field) throws RejectedRowException {
    return isGiven(field) ? Optional.of(name(field)) : Optional.empty();
  }

  /** As {@link #finite}. */
  double number(String field) throws RejectedRowException {
    JsonNode node = required(field);
    check(node.isNumber(), field, node, "a number");
    return finite(field, node);
  }

  /** Minus zero is zero. */
  static double finite(String field, JsonNode node) throws RejectedRowException {
    if (!Double.isFinite(node.doubleValue())) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE, "field " + field + " is a number beyond 1.8e308, the largest double");
    }

    return node.doubleValue() + 0.0;
  }

  Optional<Double> optionalNumber(String field) throws RejectedRowException {
    return has(field) ? Optional.of(number(field)) : Optional.empty();
  }

  /** A field of any type as it is written: a text without its quotes, anything else as JSON. */
  Optional<String> optionalJson(String field) throws RejectedRowException {
    if (!has(field)) {
      return Optional.empty();
    }

    JsonNode node = object.get(field);
    return Optional.of(wellFormed(field, node.isTextual() ? node.textValue() : node.toString()));
  }

  boolean yesOrNo(String field) throws RejectedRowException {
    JsonNode node = required(field);
    check(node.isBoolean(), field, node, "true or false");
    return node.booleanValue();
  }

  boolean isTrue(String field) {
    return object.path(field).asBoolean(false);
  }

  List<JsonNode> list(String field) throws RejectedRowException {
    JsonNode node = required(field);
    check(node.isArray(), field, node, "a list");
    List<JsonNode> elements = new ArrayList<>(node.size());
    node.forEach(elements::add);
    return elements;
  }

  JsonRow object(String field) throws RejectedRowException {
    return object(field, required(field));
  }

  static JsonRow object(String field, JsonNode node) throws RejectedRowException {
    check(node.isObject(), field, node, "an object");
    return new JsonRow(node);
  }

  static String text(String field, JsonNode node) throws RejectedRowException {
    check(node.isTextual(), field, node, "text");
    return wellFormed(field, node.textValue());
  }

  private static String wellFormed(String field, String text) throws RejectedRowException {
    if (hasLoneSurrogate(text)) {
      throw new RejectedRowException(
          Reason.INVALID_UTF8, "field " + field + " has a lone surrogate");
    }

    return text;
  }

  static void check(boolean holds, String field, JsonNode node, String expected)
      throws RejectedRowException {
    if (!holds) {
      throw new RejectedRowException(
          Reason.WRONG_TYPE,
          "field " + field + " is " + typeName(node) + ", but must be " + expected);
    }
  }

  /** Only where the quick decoder had to replace something the slow one is asked what it was. */
  private static String decode(byte[] bytes) throws RejectedRowException {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeStrictly(bytes);
  }

  private static String decodeStrictly(byte[] bytes) throws RejectedRowException {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(input)
          .toString();
    } catch (CharacterCodingException e) {
      throw new RejectedRowException(
          Reason.INVALID_UTF8, "byte " + (input.position() + 1) + " of the row is no UTF-8");
    }
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }

      boolean isPair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (!isPair) {
        return true;
      }

      i++;
    }

    return false;
  }

  private static String typeName(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case BOOLEAN -> "true or false";
      case NUMBER -> "a number";
      case OBJECT -> "an object";
      case STRING -> "text";
      default -> "nothing";
    };
  }
}
