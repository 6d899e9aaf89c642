package org.rlhf4j.data.raw;

/** Ends the parsing of a row that cannot be used; never leaves the package. */
final class RejectedRowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RejectedRowException(Reason reason, String detail) {
    super(detail, null, false, false); // thrown once per bad row: no stack trace
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
