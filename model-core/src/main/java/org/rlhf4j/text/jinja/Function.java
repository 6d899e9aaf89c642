package org.rlhf4j.text.jinja;

/** Something that can be called. */
@FunctionalInterface
interface Function {
  Object call(Arguments arguments);
}
