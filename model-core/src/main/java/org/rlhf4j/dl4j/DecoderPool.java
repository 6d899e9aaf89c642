package org.rlhf4j.dl4j;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;

/**
 * Decoders of this JVM that wait for work, with their activation memory: a network built anew (as
 * Spark workers do) finds one and allocates nothing. Thread-safe; the longest unused is closed when
 * too many wait.
 */
public final class DecoderPool {
  private static final int MOST_IDLE = 4;
  private static final Deque<Lease> IDLE = new ArrayDeque<>();

  /** A decoder that belongs to one thread until it is given back by {@link #close()}. */
  public static final class Lease implements AutoCloseable {
    private final DecoderConfig config;
    private final DecoderHead head;
    private final int threads;
    private final Decoder decoder;

    private Lease(DecoderConfig config, DecoderHead head, int threads) {
      this.config = config;
      this.head = head;
      this.threads = threads;
      this.decoder = new Decoder(config, head, threads);
    }

    public Decoder decoder() {
      return decoder;
    }

    private boolean serves(DecoderConfig otherConfig, DecoderHead otherHead, int otherThreads) {
      return threads == otherThreads && head == otherHead && config.equals(otherConfig);
    }

    @Override
    public void close() {
      giveBack(this);
    }
  }

  private DecoderPool() {}

  /**
   * An idle decoder of this kind, or a new one.
   *
   * @param threads kernel threads
   */
  public static Lease take(DecoderConfig config, DecoderHead head, int threads) {
    synchronized (IDLE) {
      for (Iterator<Lease> leases = IDLE.iterator(); leases.hasNext(); ) {
        Lease lease = leases.next();
        if (lease.serves(config, head, threads)) {
          leases.remove();
          return lease;
        }
      }
    }
    return new Lease(config, head, threads);
  }

  private static void giveBack(Lease lease) {
    Lease surplus = null;
    synchronized (IDLE) {
      IDLE.addFirst(lease);
      if (IDLE.size() > MOST_IDLE) {
        surplus = IDLE.removeLast();
      }
    }
    if (surplus != null) {
      surplus.decoder.close();
    }
  }
}
