package org.rlhf4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * One setting as a user wrote it.
 *
 * @param key full key, dots between sections
 * @param value scalar or list
 * @param typed false on the command line, where every value is text
 * @param place file and line, or the option, for messages
 */
record RawSetting(String key, JsonNode value, boolean typed, String place) {
  /** From {@code --set key=value}. */
  static RawSetting override(String option) {
    int equals = option.indexOf('=');
    ConfigException.check(
        equals > 0, "--set %s has no key and value; write --set key.path=value", option);
    String key = option.substring(0, equals).strip();
    return new RawSetting(
        key, TextNode.valueOf(option.substring(equals + 1)), false, "--set " + option);
  }
}
