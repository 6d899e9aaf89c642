package org.rlhf4j.data.dataset;

/** Why a response ended: at an end token or stop sequence, or at the length limit. */
public enum FinishReason {
  STOP,
  LENGTH
}
