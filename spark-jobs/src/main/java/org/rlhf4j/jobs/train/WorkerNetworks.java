package org.rlhf4j.jobs.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.rlhf4j.dl4j.TrainingNetwork;

/**
 * Networks of this JVM that outlive a task, so that a worker builds one in its first round only. A
 * network in use belongs to one task (or, after it, to the driver that reads its result).
 */
final class WorkerNetworks {
  /** Enough for policy and critic with several workers each on one executor. */
  private static final int MOST_IDLE = 16;

  private static final Deque<WorkerNetwork> IDLE = new ArrayDeque<>();
  private static final Set<String> LIVE = ConcurrentHashMap.newKeySet();
  private static final Map<String, TrainingNetwork> DRIVERS = new ConcurrentHashMap<>();
  private static final Map<String, WorkerNetwork> RESULTS = new ConcurrentHashMap<>();

  private WorkerNetworks() {}

  /** A network and what it holds. */
  static final class WorkerNetwork {
    private final String learnerId;
    private final TrainingNetwork network;
    private String version = "";

    private WorkerNetwork(String learnerId, TrainingNetwork network) {
      this.learnerId = learnerId;
      this.network = network;
    }

    TrainingNetwork network() {
      return network;
    }

    String version() {
      return version;
    }

    void setVersion(String newVersion) {
      version = newVersion;
    }
  }

  /** A network that holds the handle's weights and state. */
  static WorkerNetwork take(ParameterHandle handle) {
    WorkerNetwork taken = takeIdle(handle);
    if (!taken.version.equals(handle.version())) {
      handle.copyTo(taken.network);
      taken.setVersion(handle.version());
    }
    return taken;
  }

  /** One that holds them already, if there is one; else another of the learner, or a new one. */
  static WorkerNetwork takeIdle(ParameterHandle handle) {
    WorkerNetwork stale = null;
    synchronized (IDLE) {
      for (WorkerNetwork idle : IDLE) {
        if (idle.learnerId.equals(handle.learnerId())) {
          stale = idle;
          if (idle.version.equals(handle.version())) {
            break;
          }
        }
      }
      IDLE.remove(stale);
    }
    if (stale != null) {
      return stale;
    }
    return new WorkerNetwork(handle.learnerId(), handle.newNetwork());
  }

  /**
   * Runs work that changes nothing with the handle's weights: those of the driver itself where it
   * is this JVM, so that tasks need no network of their own.
   */
  static <T> T read(ParameterHandle handle, Function<TrainingNetwork, T> work) {
    TrainingNetwork driver = DRIVERS.get(handle.learnerId());
    if (driver != null) {
      return work.apply(driver);
    }
    WorkerNetwork taken = take(handle);
    T result = work.apply(taken.network());
    release(taken);
    return result;
  }

  /** Gives a network back for the next round. */
  static void release(WorkerNetwork network) {
    synchronized (IDLE) {
      IDLE.addFirst(network);
      if (IDLE.size() > MOST_IDLE) {
        IDLE.removeLast();
      }
    }
  }

  /** Drops the idle networks of learners other than these. */
  static void retain(Set<String> learnerIds) {
    synchronized (IDLE) {
      for (Iterator<WorkerNetwork> idle = IDLE.iterator(); idle.hasNext(); ) {
        if (!learnerIds.contains(idle.next().learnerId)) {
          idle.remove();
        }
      }
    }
  }

  static TrainingNetwork driverNetwork(String learnerId) {
    return DRIVERS.get(learnerId);
  }

  static Set<String> learnersOfThisDriver() {
    return new TreeSet<>(LIVE);
  }

  /** Makes a learner of this driver known, whose workers run elsewhere. */
  static void register(String learnerId) {
    LIVE.add(learnerId);
  }

  /** Makes a learner of this driver known, whose workers run in this JVM and share its memory. */
  static void register(String learnerId, TrainingNetwork network) {
    LIVE.add(learnerId);
    DRIVERS.put(learnerId, network);
  }

  static void unregister(String learnerId) {
    LIVE.remove(learnerId);
    DRIVERS.remove(learnerId);
    RESULTS.values().removeIf(result -> result.learnerId.equals(learnerId));
    synchronized (IDLE) {
      IDLE.removeIf(idle -> idle.learnerId.equals(learnerId));
    }
  }

  /** Keeps a network that a worker has trained for whoever takes it under its version. */
  static void publish(WorkerNetwork result) {
    RESULTS.put(result.version, result);
  }

  /** Empty where it was taken. */
  static Optional<WorkerNetwork> takeResult(String version) {
    return Optional.ofNullable(RESULTS.remove(version));
  }
}
