package org.rlhf4j.tensor;

import java.nio.ByteBuffer;

/**
 * A weight matrix [in, out] rearranged for {@link PackedGemm}: panels of some columns, each [in,
 * panel] without gaps, so that a product reads memory in one stream. The last panel is filled up
 * with zeros.
 */
final class PanelMatrix implements PackedMatrix {
  /** Columns of a panel: two vectors. */
  static final int PANEL = 2 * Lanes.WIDTH;

  private final int inputs;
  private final int outputs;
  private final float[][] panels; // inside the heap, like all that PackedGemm works on

  private PanelMatrix(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.panels = new float[(outputs + PANEL - 1) / PANEL][];
  }

  /** Packs a matrix stored [in, out]. */
  static PanelMatrix of(Matrix weights, Workers workers) {
    ByteBuffer in = weights.values().bytes();
    return new PanelMatrix(weights.rows(), weights.columns())
        .fill(
            workers,
            (from, width, panel) -> {
              for (int row = 0; row < weights.rows(); row++) {
                Lanes.copy(in, weights.start(row) + from, panel, row * PANEL, width);
              }
            });
  }

  /** Packs a matrix stored [out, in]. */
  static PanelMatrix ofTransposed(Matrix weights, Workers workers) {
    ByteBuffer in = weights.values().bytes();
    return new PanelMatrix(weights.columns(), weights.rows())
        .fill(
            workers,
            (from, width, panel) -> {
              for (int c = 0; c < width; c++) {
                int start = weights.start(from + c);
                for (int row = 0; row < weights.columns(); row++) {
                  panel[row * PANEL + c] = Lanes.get(in, start + row);
                }
              }
            });
  }

  /** Copies the weights of some outputs. */
  private interface Filler {
    void fill(int fromOutput, int count, float[] panel);
  }

  private PanelMatrix fill(Workers workers, Filler filler) {
    workers.run(
        panels.length,
        index -> {
          int from = index * PANEL;
          float[] panel = new float[inputs * PANEL];
          filler.fill(from, Math.min(PANEL, outputs - from), panel);
          panels[index] = panel;
        });
    return this;
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  int panels() {
    return panels.length;
  }

  /** The weights of some outputs, [in, PANEL]. */
  float[] panel(int index) {
    return panels[index];
  }
}
