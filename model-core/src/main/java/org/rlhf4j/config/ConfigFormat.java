package org.rlhf4j.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads and writes one tree of settings: a YAML file, then {@code --set} options, over the
 * defaults.
 *
 * @param <R> root record; its components carry {@link Config} or {@link Section}
 */
public final class ConfigFormat<R extends Record> {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  /** Settings that change what is logged, not what a run computes. */
  private static final String UNHASHED_PREFIX = "log.";

  private final ConfigSchema<R> schema;

  public ConfigFormat(R defaults) {
    schema = new ConfigSchema<>(defaults);
  }

  /** The settings of the library alone. */
  public static ConfigFormat<RlhfConfig> rlhf() {
    return new ConfigFormat<>(RlhfConfig.DEFAULTS);
  }

  /** A configuration file's text. */
  public record Source(String name, String text) {}

  /**
   * @param overrides {@code key.path=value}, the later wins, all win over the file
   * @throws ConfigException for an unknown key, a value of another type, a key twice in the file,
   *     or a value that its record refuses
   */
  public R read(Optional<Source> file, List<String> overrides) {
    Map<String, RawSetting> settings = new LinkedHashMap<>();
    file.ifPresent(f -> settings.putAll(YamlSettings.read(f.name(), f.text())));
    for (String override : overrides) {
      RawSetting setting = RawSetting.override(override);
      settings.put(setting.key(), setting);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    settings.forEach((key, setting) -> values.put(key, find(setting).parse(setting)));
    return schema.build(values);
  }

  /** All settings as YAML, in a fixed order; reading it gives the same settings. */
  public String write(R config) {
    Map<String, Object> tree = new LinkedHashMap<>();
    schema.values(config).forEach((key, value) -> put(tree, key, value));
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** SHA-256 over keys and values of all settings that can change a result, hexadecimal. */
  public String hash(R config) {
    StringBuilder canonical = new StringBuilder();
    new TreeMap<>(schema.values(config))
        .forEach(
            (key, value) -> {
              if (!key.startsWith(UNHASHED_PREFIX)) {
                canonical.append(key).append('=').append(plain(value)).append('\n');
              }
            });
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keys whose values differ between two configurations. */
  public List<String> differences(R one, R other) {
    Map<String, Object> values = schema.values(one);
    Map<String, Object> others = schema.values(other);
    return schema.keys().keySet().stream()
        .filter(key -> !values.get(key).equals(others.get(key)))
        .toList();
  }

  /** Keys of settings that are this text, or lists with it. */
  public List<String> keysOf(R config, String text) {
    Map<String, Object> values = schema.values(config);
    return schema.keys().keySet().stream().filter(key -> isOrHolds(values.get(key), text)).toList();
  }

  private static boolean isOrHolds(Object value, String text) {
    return value instanceof List<?> list ? list.contains(text) : value.equals(text);
  }

  /** The page of all settings, Markdown. */
  public String page() {
    return ConfigPage.write(schema.keys().values());
  }

  private ConfigKey find(RawSetting setting) {
    ConfigKey known = schema.keys().get(setting.key());
    if (known != null) {
      return known;
    }
    boolean section =
        schema.keys().keySet().stream().anyMatch(k -> k.startsWith(setting.key() + "."));
    if (section) {
      throw new ConfigException(
          String.format(
              "%s is a section (%s); write its settings below it", setting.key(), setting.place()));
    }
    throw new ConfigException(
        String.format(
            "Unknown key %s (%s); did you mean %s?",
            setting.key(), setting.place(), NearestName.of(setting.key(), schema.keys().keySet())));
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> tree, String key, Object value) {
    String[] names = key.split("\\.");
    Map<String, Object> section = tree;
    for (String name : Arrays.copyOf(names, names.length - 1)) {
      section = (Map<String, Object>) section.computeIfAbsent(name, n -> new LinkedHashMap<>());
    }
    section.put(names[names.length - 1], plain(value));
  }

  private static Object plain(Object value) {
    return value instanceof Enum<?> constant ? ConfigKey.kebab(constant) : value;
  }
}
