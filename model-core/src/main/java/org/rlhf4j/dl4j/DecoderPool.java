package org.rlhf4j.dl4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.rlhf4j.decoder.Adapters;
import org.rlhf4j.decoder.Decoder;
import org.rlhf4j.decoder.DecoderConfig;
import org.rlhf4j.decoder.DecoderHead;
import org.rlhf4j.tensor.Floats;

/**
 * Decoders of this JVM that wait for work, with their activation memory: a network built anew (as
 * Spark workers do) finds one and allocates nothing. Thread-safe; the longest unused is closed when
 * too many wait.
 */
public final class DecoderPool {
  private static final int MOST_IDLE = 4;
  private static final Deque<Lease> IDLE = new ArrayDeque<>();

  /**
   * What decoders differ in.
   *
   * @param threads kernel threads
   */
  public record Kind(DecoderConfig config, DecoderHead head, Adapters adapters, int threads) {}

  /** A decoder that belongs to one thread until it is given back by {@link #close()}. */
  public static final class Lease implements AutoCloseable {
    private final Kind kind;
    private final Floats frozen;
    private final Decoder decoder;

    private Lease(Kind kind, Floats frozen) {
      this.kind = kind;
      this.frozen = frozen;
      this.decoder =
          new Decoder(kind.config(), kind.head(), kind.adapters(), frozen, kind.threads());
    }

    public Decoder decoder() {
      return decoder;
    }

    private boolean serves(Kind wanted, Floats wantedFrozen) {
      return kind.equals(wanted)
          && frozen.kernels() == wantedFrozen.kernels()
          && (!kind.adapters().exist() || frozen.isSameMemoryAs(wantedFrozen));
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
   * @param frozen weights that adapters stand beside; of any length where there are none, but in
   *     the memory of the kernels that are wanted
   */
  public static Lease take(Kind kind, Floats frozen) {
    synchronized (IDLE) {
      for (Iterator<Lease> leases = IDLE.iterator(); leases.hasNext(); ) {
        Lease lease = leases.next();
        if (lease.serves(kind, frozen)) {
          leases.remove();
          return lease;
        }
      }
    }
    return new Lease(kind, frozen);
  }

  /** Closes the idle decoders of adapters that stood beside these weights. */
  public static void forget(Floats frozen) {
    List<Lease> surplus = new ArrayList<>();
    synchronized (IDLE) {
      IDLE.removeIf(
          lease ->
              lease.kind.adapters().exist()
                  && lease.frozen.isSameMemoryAs(frozen)
                  && surplus.add(lease));
    }
    surplus.forEach(lease -> lease.decoder.close());
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
