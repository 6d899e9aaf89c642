package org.rlhf4j.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** The keys of a tree of annotated records, and the way from values to records and back. */
final class ConfigSchema<R extends Record> {
  private final R defaults;
  private final Map<String, ConfigKey> keys = new LinkedHashMap<>();

  ConfigSchema(R defaults) {
    this.defaults = defaults;
    collect("", defaults);
  }

  /** All keys, in the order of the records. */
  Map<String, ConfigKey> keys() {
    return keys;
  }

  /** The values of a tree of records by full key, in the same order. */
  Map<String, Object> values(R config) {
    Map<String, Object> values = new LinkedHashMap<>();
    addValues("", config, values);
    return values;
  }

  /**
   * @param values by full key; absent ones take their default
   * @throws ConfigException if a record refuses its values
   */
  R build(Map<String, Object> values) {
    return build("", defaults, values);
  }

  private void collect(String prefix, Record record) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = value(component, record);
      Section section = component.getAnnotation(Section.class);
      if (section != null) {
        collect(join(prefix, section.value()), (Record) value);
        continue;
      }
      Config config = component.getAnnotation(Config.class);
      if (config == null) {
        throw new IllegalStateException(component + " has neither @Config nor @Section");
      }
      String key = join(prefix, config.value());
      ConfigKey before =
          keys.put(key, new ConfigKey(key, config.doc(), component.getType(), value));
      if (before != null) {
        throw new IllegalStateException("Two components claim the key " + key);
      }
    }
  }

  private static void addValues(String prefix, Record record, Map<String, Object> values) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Section section = component.getAnnotation(Section.class);
      if (section != null) {
        addValues(join(prefix, section.value()), (Record) value(component, record), values);
      } else {
        String key = join(prefix, component.getAnnotation(Config.class).value());
        values.put(key, value(component, record));
      }
    }
  }

  private static <T extends Record> T build(String prefix, T defaults, Map<String, Object> values) {
    RecordComponent[] components = defaults.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      Object value = value(components[i], defaults);
      Section section = components[i].getAnnotation(Section.class);
      types[i] = components[i].getType();
      arguments[i] =
          section != null
              ? build(join(prefix, section.value()), (Record) value, values)
              : values.getOrDefault(
                  join(prefix, components[i].getAnnotation(Config.class).value()), value);
    }
    return construct(prefix, defaults, types, arguments);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Record> T construct(
      String prefix, T like, Class<?>[] types, Object[] arguments) {
    try {
      Constructor<?> constructor = like.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (T) constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException refusal) {
        throw withPrefix(prefix, refusal);
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Records shared by sections do not know their prefix. */
  private static ConfigException withPrefix(String prefix, ConfigException refusal) {
    String message = refusal.getMessage();
    boolean complete = prefix.isEmpty() || message.startsWith(prefix + ".");
    return complete ? refusal : new ConfigException(prefix + "." + message);
  }

  private static Object value(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String join(String prefix, String name) {
    return prefix.isEmpty() || name.isEmpty() ? prefix + name : prefix + "." + name;
  }
}
