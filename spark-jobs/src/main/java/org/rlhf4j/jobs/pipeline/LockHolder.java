package org.rlhf4j.jobs.pipeline;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Optional;

/**
 * Who holds a lock. Process ids come back, so the start time tells two processes apart.
 *
 * @param started of the process, empty where the system does not tell
 */
record LockHolder(String host, long process, String started) {
  private static final int FIELDS = 3;

  static LockHolder thisProcess() {
    ProcessHandle self = ProcessHandle.current();
    return new LockHolder(hostName(), self.pid(), start(self));
  }

  /** Reads {@link #text}; empty for anything else, such as a half-written file. */
  static Optional<LockHolder> parse(String text) {
    String[] fields = text.strip().split(" ", -1);
    if (fields.length != FIELDS || !fields[1].matches("\\d{1,18}")) {
      return Optional.empty();
    }
    return Optional.of(new LockHolder(fields[0], Long.parseLong(fields[1]), fields[2]));
  }

  String text() {
    return host + " " + process + " " + started;
  }

  /** Whether the process is known to be gone; false for other machines, which cannot be asked. */
  boolean isGone() {
    return host.equals(hostName())
        && ProcessHandle.of(process)
            .filter(handle -> handle.isAlive() && start(handle).equals(started))
            .isEmpty();
  }

  @Override
  public String toString() {
    return String.format("process %d on %s", process, host);
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown-host";
    }
  }
}
