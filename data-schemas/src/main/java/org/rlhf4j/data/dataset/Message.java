package org.rlhf4j.data.dataset;

import java.io.Serializable;

/** One turn of a prompt. A plain text prompt is one message with the role {@link #TEXT}. */
public record Message(String role, String content) implements Serializable {
  public static final String TEXT = "text";
  public static final String SYSTEM = "system";
  public static final String USER = "user";
  public static final String ASSISTANT = "assistant";

  public static Message text(String content) {
    return new Message(TEXT, content);
  }
}
