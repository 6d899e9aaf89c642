package org.rlhf4j.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rlhf4j.tensor.Buffer;
import org.rlhf4j.tensor.KernelSet;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

class TestDecoderStack {
  private static final int LAYERS = 3;
  private static final DecoderConfig CONFIG =
      new DecoderConfig("gpt2", LAYERS, 2, 2, 16, 64, 32, 50, true, 1e-5);
  private static final TokenBatch BATCH =
      TestBatches.of(0, TestBatches.sequences(CONFIG.vocabularySize(), 3, 7, 4, 9));

  private final DecoderModel model = DecoderModel.random(CONFIG, DecoderHead.SCALAR, 1);
  private final List<Integer> activatedRows = new ArrayList<>();
  private final Kernels kernels = counting(KernelSet.current().kernels(1));

  @AfterEach
  void close() {
    kernels.close();
  }

  /** Kernels that note how many rows the activation of each block sees. */
  private Kernels counting(Kernels of) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("gelu")) {
                activatedRows.add(((Matrix) arguments[0]).rows());
              }
              return method.invoke(of, arguments);
            });
  }

  @Test
  void onlyWantedTokensLeaveTheLastBlock() {
    int size = BATCH.tokens().length;
    float[][] all = forward(IntStream.range(0, size).toArray());
    assertThat(activatedRows).containsExactly(size, size, size);
    activatedRows.clear();

    int[] wanted = {2, 6, 10, 19};
    float[][] some = forward(wanted);

    assertThat(activatedRows).containsExactly(size, size, wanted.length);
    assertThat(some).hasNumberOfRows(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(some[i]).usingComparatorWithPrecision(1e-5f).containsExactly(all[wanted[i]]);
    }
  }

  private float[][] forward(int[] wanted) {
    Tensors weights = new Tensors(model.layout(), model.weights());
    int[] positions =
        IntStream.range(0, BATCH.size())
            .flatMap(i -> IntStream.range(0, BATCH.offsets()[i + 1] - BATCH.offsets()[i]))
            .toArray();
    int width = Block.attentionShape(CONFIG, 0).width();
    try (Buffer scratch = new Buffer(kernels);
        Buffer residual = new Buffer(kernels);
        BlockMemory memory = new BlockMemory(kernels, CONFIG, width)) {
      Pass pass =
          new Pass(
              kernels,
              weights,
              new DirectProducts(weights),
              BATCH.tokens(),
              positions,
              (layer, shape, qkv, out) -> kernels.attention(shape, qkv, BATCH.offsets(), out),
              wanted,
              scratch);
      Matrix out = new DecoderStack(CONFIG, model.layout()).forward(pass, memory, residual);
      float[][] rows = new float[out.rows()][out.columns()];
      for (int i = 0; i < rows.length; i++) {
        out.values().copyTo(out.start(i), rows[i], 0, rows[i].length);
      }
      return rows;
    }
  }
}
