package org.rlhf4j.tensor;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Each operation gives what that of the processor's kernels gives, and writes nothing beside it.
 */
class TestNd4jKernels {
  private static final int[][] SHAPES = {
    {0, 6}, {1, 1}, {1, 8}, {5, 1}, {2, 3}, {7, 12}, {33, 20}, {4, 130}, {65, 64}
  };

  private static final Kernels CPU = KernelSet.CPU.kernels(2);
  private static final Kernels ND4J = KernelSet.ND4J.kernels(2);
  private final Random random = new Random(3);

  @AfterAll
  static void close() {
    CPU.close();
    ND4J.close();
  }

  /** Runs the same on both sets. */
  private static void both(BiConsumer<Kernels, KernelSet> operation) {
    operation.accept(CPU, KernelSet.CPU);
    operation.accept(ND4J, KernelSet.ND4J);
  }

  private Twin matrix(int... shape) {
    return Twin.random(random, shape[0], shape[1]);
  }

  private Twin vector(int length) {
    return Twin.vector(random, length);
  }

  private static Floats floats(Twin vector, KernelSet set) {
    return vector.of(set).values();
  }

  private int[] indices(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }

  @Test
  void products() {
    int[][] sizes = {
      {1, 1, 1}, {1, 5, 3}, {4, 1, 6}, {5, 7, 1}, {3, 0, 4}, {0, 3, 2}, {13, 40, 20}, {70, 33, 65}
    };
    for (int[] size : sizes) {
      for (float beta : new float[] {0f, 0.5f, 1f}) {
        products(size[0], size[1], size[2], beta);
      }
    }
  }

  private void products(int m, int k, int n, float beta) {
    String what = m + " x " + k + " x " + n + ", beta " + beta;
    Twin a = matrix(m, k);
    Twin aT = matrix(k, m);
    Twin b = matrix(k, n);
    Twin bT = matrix(n, k);
    Twin c = matrix(m, n);
    both((kernels, set) -> kernels.multiply(0.5f, a.of(set), b.of(set), beta, c.of(set)));
    c.assertEqual("a b, " + what);
    both((kernels, set) -> kernels.multiplyTransposed(2f, a.of(set), bT.of(set), beta, c.of(set)));
    c.assertEqual("a b^T, " + what);
    both((kernels, set) -> kernels.transposedMultiply(1f, aT.of(set), b.of(set), beta, c.of(set)));
    c.assertEqual("a^T b, " + what);
    if (k > 0) {
      packedProducts(a, b, bT, c, what);
    }
  }

  private void packedProducts(Twin a, Twin b, Twin bT, Twin c, String what) {
    Twin row = vector(c.of(KernelSet.CPU).columns());
    both(
        (kernels, set) -> {
          Addend addend = new Addend(Optional.of(floats(row, set)), Optional.of(c.of(set)));
          kernels.multiplyPacked(a.of(set), kernels.pack(b.of(set)), addend, c.of(set));
        });
    c.assertEqual("plus packed, " + what);
    both(
        (kernels, set) ->
            kernels.multiplyPacked(
                a.of(set), kernels.packTransposed(bT.of(set)), Addend.NONE, c.of(set)));
    c.assertEqual("packed from the transposed, " + what);
  }

  @Test
  void additionsAndCopies() {
    for (int[] shape : SHAPES) {
      Twin x = matrix(shape);
      Twin y = matrix(shape);
      Twin row = vector(shape[1]);
      both((kernels, set) -> kernels.addRow(x.of(set), floats(row, set), y.of(set)));
      y.assertEqual("addRow");
      both((kernels, set) -> kernels.addRow(y.of(set), floats(row, set), y.of(set)));
      y.assertEqual("addRow in place");
      both((kernels, set) -> kernels.add(x.of(set), y.of(set)));
      y.assertEqual("add");
      both((kernels, set) -> kernels.columnSums(y.of(set), floats(row, set)));
      row.assertEqual("columnSums");
      both((kernels, set) -> kernels.copy(x.of(set), y.of(set)));
      y.assertEqual("copy");
      both((kernels, set) -> kernels.fillRows(floats(row, set), y.of(set)));
      y.assertEqual("fillRows");
      both((kernels, set) -> kernels.clear(y.of(set)));
      y.assertEqual("clear");
    }
  }

  @Test
  void gatheredAndScatteredRows() {
    for (int[] shape : SHAPES) {
      Twin table = matrix(9, shape[1]);
      Twin rows = matrix(shape);
      int[] indices = indices(shape[0] + 2, 9); // more than are used
      int count = shape[0];
      both((kernels, set) -> kernels.gatherRows(table.of(set), indices, count, rows.of(set)));
      rows.assertEqual("gatherRows");
      both((kernels, set) -> kernels.gatherAddRows(table.of(set), indices, count, rows.of(set)));
      rows.assertEqual("gatherAddRows");
      both((kernels, set) -> kernels.scatterAddRows(rows.of(set), indices, count, table.of(set)));
      table.assertEqual("scatterAddRows");
    }
  }

  @Test
  void norms() {
    for (int[] shape : SHAPES) {
      Twin x = matrix(shape);
      Twin y = matrix(shape);
      Twin dx = matrix(shape);
      Twin weight = vector(shape[1]);
      Twin bias = vector(shape[1]);
      Twin dWeight = vector(shape[1]);
      Twin dBias = vector(shape[1]);
      Twin statistics = vector(2 * shape[0] + 3); // each set has its own layout
      both(
          (kernels, set) -> {
            Floats kept = floats(statistics, set);
            Floats w = floats(weight, set);
            kernels.layerNorm(x.of(set), w, floats(bias, set), 1e-5, y.of(set), kept);
            kernels.layerNormBackward(
                x.of(set),
                w,
                kept,
                y.of(set),
                dx.of(set),
                floats(dWeight, set),
                floats(dBias, set));
          });
      y.assertEqual("layerNorm");
      dx.assertEqual("layerNormBackward");
      dWeight.assertEqual("gradient of the weight");
      dBias.assertEqual("gradient of the bias");
      both(
          (kernels, set) -> {
            Floats kept = floats(statistics, set);
            Floats w = floats(weight, set);
            kernels.rmsNorm(x.of(set), w, 1e-6, y.of(set), kept);
            kernels.rmsNormBackward(
                x.of(set), w, kept, y.of(set), dx.of(set), floats(dWeight, set));
          });
      y.assertEqual("rmsNorm");
      dx.assertEqual("rmsNormBackward");
      dWeight.assertEqual("gradient of the rms weight");
    }
  }

  @Test
  void rotations() {
    int headSize = 6;
    Twin table = vector(20 * headSize);
    for (int rows : new int[] {0, 1, 5, 40}) {
      Twin x = matrix(rows, 5 * headSize);
      int[] positions = indices(rows, 20);
      both((kernels, set) -> kernels.rotate(x.of(set), 3, headSize, floats(table, set), positions));
      x.assertEqual("rotate");
      both(
          (kernels, set) ->
              kernels.rotateBack(x.of(set), 4, headSize, floats(table, set), positions));
      x.assertEqual("rotateBack");
    }
    table.assertEqual("table");
  }

  @Test
  void activations() {
    for (int[] shape : SHAPES) {
      Twin x = matrix(shape);
      Twin y = matrix(shape);
      both((kernels, set) -> kernels.gelu(x.of(set), y.of(set)));
      y.assertEqual("gelu");
      both((kernels, set) -> kernels.geluBackward(x.of(set), y.of(set)));
      y.assertEqual("geluBackward");
      Twin wide = matrix(shape[0], 2 * shape[1]);
      Twin dWide = matrix(shape[0], 2 * shape[1]);
      both((kernels, set) -> kernels.swiglu(wide.of(set), y.of(set)));
      y.assertEqual("swiglu");
      both((kernels, set) -> kernels.swigluBackward(wide.of(set), y.of(set), dWide.of(set)));
      dWide.assertEqual("swigluBackward");
    }
  }

  @Test
  void attention() {
    AttentionShape[] shapes = {
      new AttentionShape(3, 3, 4, 0),
      new AttentionShape(4, 2, 6, 0),
      new AttentionShape(6, 2, 4, 3),
      new AttentionShape(2, 1, 4, 150),
      new AttentionShape(1, 1, 2, 1)
    };
    int[] offsets = {0, 5, 6, 6, 140, 441}; // one token, none, and across blocks of queries
    for (AttentionShape shape : shapes) {
      Twin qkv = matrix(441, shape.width());
      Twin out = matrix(441, shape.heads() * shape.headSize());
      Twin dQkv = matrix(441, shape.width());
      both((kernels, set) -> kernels.attention(shape, qkv.of(set), offsets, out.of(set)));
      out.assertEqual("attention " + shape);
      both(
          (kernels, set) ->
              kernels.attentionBackward(shape, qkv.of(set), offsets, out.of(set), dQkv.of(set)));
      dQkv.assertEqual("attentionBackward " + shape);
    }
  }

  @Test
  void cachedAttention() {
    cachedAttention(new AttentionShape(3, 3, 4, 0));
    cachedAttention(new AttentionShape(4, 2, 6, 0));
    cachedAttention(new AttentionShape(4, 2, 6, 5));
  }

  /** Two sequences that grow beyond their first room, while a third comes and goes. */
  private void cachedAttention(AttentionShape shape) {
    Map<KernelSet, KeyValueCache> caches = new EnumMap<>(KernelSet.class);
    Map<KernelSet, KeyValueCache.Row[]> rows = new EnumMap<>(KernelSet.class);
    both(
        (kernels, set) -> {
          KeyValueCache cache = kernels.keyValueCache(shape, 2);
          caches.put(set, cache);
          rows.put(set, new KeyValueCache.Row[] {cache.open(), cache.open(), cache.open()});
        });
    int[] lengths = new int[3];
    int[][] counts = {{3, 1, 140}, {1, 60, 1}, {1, 1, 0}, {70, 1, 2}, {1, 1, 1}};
    for (int step = 0; step < counts.length; step++) {
      int[] fresh = counts[step];
      if (step == 3) {
        lengths[2] = 0;
        rows.values().forEach(known -> known[2].close());
      }
      int tokens = fresh[0] + fresh[1] + fresh[2];
      int[] owners = new int[tokens];
      int[] positions = new int[tokens];
      int next = 0;
      for (int row = 0; row < 3; row++) {
        for (int i = 0; i < fresh[row]; i++) {
          owners[next] = row;
          positions[next++] = lengths[row]++;
        }
      }
      for (int layer = 0; layer < 2; layer++) {
        Twin qkv = matrix(tokens, shape.width());
        Twin out = matrix(tokens, shape.heads() * shape.headSize());
        int at = layer;
        both(
            (kernels, set) -> {
              KeyValueCache.Row[] all = new KeyValueCache.Row[tokens];
              for (int i = 0; i < tokens; i++) {
                all[i] = rows.get(set)[owners[i]];
                all[i].reserve(positions[i] + 1);
              }
              KeyValueCache cache = caches.get(set);
              cache.attend(at, shape, qkv.of(set), all, positions, out.of(set));
            });
        out.assertEqual("step " + step + ", layer " + layer + ", " + shape);
      }
    }
    caches.values().forEach(KeyValueCache::close);
  }

  @Test
  void crossEntropy() {
    for (int[] shape : new int[][] {{0, 5}, {1, 1}, {1, 700}, {9, 33}, {40, 1500}}) {
      crossEntropy(shape[0], shape[1], shape[1]);
      crossEntropy(shape[0], shape[1], (shape[1] + 2) / 3);
    }
  }

  private void crossEntropy(int rows, int vocabulary, int chunk) {
    Twin logits = matrix(rows, vocabulary);
    int[] targets = indices(rows, vocabulary);
    float[] gradient = new float[rows];
    for (int i = 0; i < rows; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    Map<KernelSet, float[]> logprobs = new EnumMap<>(KernelSet.class);
    Map<KernelSet, float[]> entropies = new EnumMap<>(KernelSet.class);
    both(
        (kernels, set) -> {
          try (CrossEntropy state = kernels.crossEntropy()) {
            state.start(rows + 3); // another batch before, which must be forgotten
            state.start(rows);
            for (int from = 0; from < vocabulary; from += chunk) {
              int count = Math.min(chunk, vocabulary - from);
              state.accumulate(logits.of(set).columns(from, count), from, 1.7f, targets);
            }
            logprobs.put(set, new float[rows]);
            entropies.put(set, new float[rows]);
            state.read(logprobs.get(set), entropies.get(set));
            state.backward(logits.of(set), 1.7f, targets, gradient);
          }
        });
    assertClose("log-probabilities", logprobs);
    assertClose("entropies", entropies);
    logits.assertEqual("gradient of the logits");
  }

  private static void assertClose(String what, Map<KernelSet, float[]> values) {
    Twin.assertClose(what, values.get(KernelSet.ND4J), values.get(KernelSet.CPU));
  }
}
