package org.rlhf4j.jobs.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Values loaded once by key and shared between threads; a newer identity of a key replaces the
 * older one, and the least recently used key goes when there are too many. A failed load is not
 * kept.
 */
final class SharedCache<V> {
  private record Slot<V>(String identity, CompletableFuture<V> value) {}

  private final Map<String, Slot<V>> slots;

  SharedCache(int capacity) {
    this.slots =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Slot<V>> eldest) {
            return size() > capacity;
          }
        };
  }

  /**
   * The value of a key; the first thread that asks loads it outside the lock, others wait for it.
   */
  V of(String key, String identity, Function<String, V> loader) {
    CompletableFuture<V> loading = new CompletableFuture<>();
    CompletableFuture<V> value = claim(key, identity, loading);
    if (value == loading) {
      load(key, loading, loader);
    }
    try {
      return value.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException) {
        throw (RuntimeException) e.getCause();
      }
      throw e;
    }
  }

  private synchronized CompletableFuture<V> claim(
      String key, String identity, CompletableFuture<V> loading) {
    Slot<V> slot = slots.get(key);
    if (slot != null && slot.identity().equals(identity)) {
      return slot.value();
    }
    slots.put(key, new Slot<>(identity, loading));
    return loading;
  }

  private void load(String key, CompletableFuture<V> loading, Function<String, V> loader) {
    try {
      loading.complete(loader.apply(key));
    } catch (RuntimeException | Error e) {
      forget(key, loading);
      loading.completeExceptionally(e);
    }
  }

  private synchronized void forget(String key, CompletableFuture<V> failed) {
    Slot<V> slot = slots.get(key);
    if (slot != null && slot.value() == failed) {
      slots.remove(key);
    }
  }
}
