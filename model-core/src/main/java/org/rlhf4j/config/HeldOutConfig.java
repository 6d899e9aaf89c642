package org.rlhf4j.config;

import static org.rlhf4j.config.ConfigException.check;

import java.util.List;

/** Sets that training must not have seen. */
public record HeldOutConfig(
    @Config(
            value = "paths",
            doc = "Files whose texts must not occur in any row, in any format; globs allowed")
        List<String> paths,
    @Config(
            value = "ngram",
            doc =
                "Words in a row that count as an occurrence; shorter texts, of five words or more,"
                    + " as a whole")
        int ngram) {
  public static final HeldOutConfig DEFAULTS = new HeldOutConfig(List.of(), 13);

  public HeldOutConfig {
    paths = List.copyOf(paths);
    check(ngram > 0, "ngram must be positive, but is %s", ngram);
  }
}
