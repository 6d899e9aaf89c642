package org.rlhf4j.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Key and meaning of one setting; the full key is the section's prefix, a dot and {@link #value()}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Config {
  /** Key inside its section, kebab case. */
  String value();

  /** Meaning, unit and source. */
  String doc();
}
