package org.rlhf4j.jobs.rollout;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.TaskContext;

/**
 * Runs a function over the rows of a task, some at a time and only when asked for, so that a
 * partition never has to fit in memory. A cancelled task stops at the next chunk.
 */
public final class ChunkedIterator<A, B> implements Iterator<B> {
  private final Iterator<A> source;
  private final int chunkSize;
  private final Function<List<A>, List<B>> function;
  private Iterator<B> ready = Collections.emptyIterator();

  public ChunkedIterator(Iterator<A> source, int chunkSize, Function<List<A>, List<B>> function) {
    this.source = source;
    this.chunkSize = chunkSize;
    this.function = function;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && source.hasNext()) {
      stopIfCancelled();
      ready = function.apply(nextChunk()).iterator();
    }
    return ready.hasNext();
  }

  @Override
  public B next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  private List<A> nextChunk() {
    List<A> chunk = new ArrayList<>(chunkSize);
    while (chunk.size() < chunkSize && source.hasNext()) {
      chunk.add(source.next());
    }
    return chunk;
  }

  /** Spark kills a task of a cancelled job only when the task looks. */
  static void stopIfCancelled() {
    TaskContext context = TaskContext.get();
    if (context != null) {
      context.killTaskIfInterrupted();
    }
  }
}
