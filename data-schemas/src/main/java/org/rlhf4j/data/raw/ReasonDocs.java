package org.rlhf4j.data.raw;

/** Writes the documentation of the reason codes. */
public final class ReasonDocs {
  private ReasonDocs() {}

  /** A table of all codes; Markdown. */
  public static String table() {
    StringBuilder table =
        new StringBuilder("| reason | meaning | counts as bad |\n|---|---|---|\n");
    for (Reason reason : Reason.values()) {
      table.append(
          "| `%s` | %s | %s |\n"
              .formatted(reason.code(), reason.meaning(), reason.isFault() ? "yes" : "no"));
    }

    return table.toString();
  }
}
