package org.rlhf4j.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Flattens a YAML text into settings: sections nest or are written with dots. A key twice is
 * refused.
 */
final class YamlSettings {
  /** "off" is a text, as in YAML 1.2. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS).build();

  private final String name;
  private final Map<String, RawSetting> settings = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Deque<String> prefixes = new ArrayDeque<>();

  private YamlSettings(String name) {
    this.name = name;
  }

  /**
   * @param name of the file, for messages
   */
  static Map<String, RawSetting> read(String name, String text) {
    YamlSettings reader = new YamlSettings(name);
    try (YAMLParser parser = (YAMLParser) YAML.createParser(text)) {
      reader.readDocument(parser);
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().lines().findFirst().orElse("cannot be read");
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigException(
          String.format("%s, line %s, is not valid YAML (%s); correct it", name, line, problem));
    } catch (IOException e) {
      throw new ConfigException(String.format("%s cannot be read: %s", name, e.getMessage()));
    }
    return reader.settings;
  }

  /** The value of a piece of YAML, as on the command line. */
  static JsonNode value(String text) throws IOException {
    return YAML.readTree(text);
  }

  private void readDocument(YAMLParser parser) throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return;
    }
    ConfigException.check(
        first == JsonToken.START_OBJECT, "%s must hold keys and values at its top", name);
    readSections(parser);
    ConfigException.check(
        parser.nextToken() == null, "%s holds more than one YAML document; keep one", name);
  }

  private void readSections(YAMLParser parser) throws IOException {
    prefixes.push("");
    while (!prefixes.isEmpty()) {
      if (parser.nextToken() == JsonToken.END_OBJECT) {
        prefixes.pop();
        continue;
      }
      String key = prefixes.peek() + parser.getCurrentName();
      int line = parser.getTokenLocation().getLineNr();
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        prefixes.push(key + ".");
      } else {
        add(key, YAML.readTree(parser), line);
      }
    }
  }

  private void add(String key, JsonNode value, int line) {
    Integer before = lines.putIfAbsent(key, line);
    ConfigException.check(
        before == null,
        "%s is set twice in %s, lines %s and %s; keep one",
        key,
        name,
        before,
        line);
    settings.put(key, new RawSetting(key, value, true, name + ", line " + line));
  }
}
