package org.rlhf4j.text.jinja;

/** Python's None. */
public enum Nothing {
  NONE
}
