package org.rlhf4j.config;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the page of all settings. */
final class ConfigPage {
  private static final String HEAD =
      """
      # Configuration

      <!-- Generated from the @Config annotations; TestConfigurationPage fails when it is stale. -->

      A configuration is one YAML file (`--config FILE.yaml`) and any number of `--set key.path=value`, which win.
      Keys nest or are written with dots; an unknown key, a key twice and a value of another type are errors.
      """;

  private ConfigPage() {}

  static String write(Collection<ConfigKey> keys) {
    StringBuilder page = new StringBuilder(HEAD);
    String section = null;
    for (ConfigKey key : keys) {
      String next = section(key);
      if (!next.equals(section)) {
        section = next;
        page.append("\n## ").append(section.isEmpty() ? "general" : section).append("\n\n");
        page.append("| key | default | meaning |\n|---|---|---|\n");
      }
      page.append(
          String.format(
              "| `%s` | %s | %s (%s) |\n",
              key.key(), text(key.defaultValue()), escape(key.doc()), key.allowed()));
    }
    return page.toString();
  }

  private static String section(ConfigKey key) {
    int dot = key.key().lastIndexOf('.');
    return dot < 0 ? "" : key.key().substring(0, dot);
  }

  private static String text(Object value) {
    if (value instanceof Enum<?> constant) {
      return "`" + ConfigKey.kebab(constant) + "`";
    }
    if (value instanceof List<?> list) {
      return list.isEmpty()
          ? "none"
          : list.stream().map(v -> "`" + v + "`").collect(Collectors.joining(", "));
    }
    return value.equals("") ? "empty" : "`" + value + "`";
  }

  private static String escape(String doc) {
    return doc.replace("|", "\\|");
  }
}
