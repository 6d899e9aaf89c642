package org.rlhf4j.data.dataset;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record as one row of a published dataset: the record's components are its columns.
 *
 * <p>Components may be {@code String}, {@code int}, {@code long}, {@code float}, {@code double},
 * {@code boolean}, an enum (stored in lower case), {@code int[]}, {@code float[]}, a list of {@link
 * Message}, or an {@code Optional} of one of them for a column that may be null.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Schema {
  /** Dataset name, plural snake case: the name of its folder. */
  String name();

  int version() default 1;

  /** One sentence: what a row is. */
  String doc();
}
