package org.rlhf4j.jobs;

/** Exit codes of the command line (design, section 3). */
public enum ExitCode {
  DONE(0),
  USAGE(2),
  BAD_INPUT(3),
  GATE_FAILED(4),
  STORAGE_FAILED(5),
  LOCKED(6),
  RUN_MISMATCH(7);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
