package org.rlhf4j.decoder;

/** What a decoder puts out at each token. */
public enum DecoderHead {
  /** A distribution over the next token. */
  LANGUAGE_MODEL,
  /** One number: a score or a value. */
  SCALAR
}
