package org.rlhf4j.tensor;

import java.nio.ByteBuffer;

/**
 * A weight matrix [in, out] rearranged for {@link PackedGemm}: panels of some columns, each [in,
 * panel] without gaps, so that a product reads memory in one stream. The last panel is filled up
 * with zeros.
 */
final class PanelMatrix implements AutoCloseable {
  /** Columns of a panel: two vectors. */
  static final int PANEL = 2 * Lanes.WIDTH;

  private final int inputs;
  private final int outputs;
  private final HostFloats values;

  private PanelMatrix(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.values = HostFloats.create((long) panels(outputs) * PANEL * inputs);
  }

  /** Packs a matrix stored [in, out]. */
  static PanelMatrix of(Matrix weights, Workers workers) {
    PanelMatrix packed = new PanelMatrix(weights.rows(), weights.columns());
    ByteBuffer in = weights.values().bytes();
    ByteBuffer out = packed.values.bytes();
    workers.run(
        packed.panels(),
        panel -> {
          int from = panel * PANEL;
          int width = Math.min(PANEL, packed.outputs - from);
          for (int row = 0; row < packed.inputs; row++) {
            int target = packed.start(panel) + row * PANEL;
            Elementwise.copyRange(in, weights.start(row) + from, out, target, width);
          }
        });
    return packed;
  }

  /** Packs a matrix stored [out, in]. */
  static PanelMatrix ofTransposed(Matrix weights, Workers workers) {
    PanelMatrix packed = new PanelMatrix(weights.columns(), weights.rows());
    ByteBuffer in = weights.values().bytes();
    ByteBuffer out = packed.values.bytes();
    workers.run(
        packed.panels(),
        panel -> {
          int from = panel * PANEL;
          int width = Math.min(PANEL, packed.outputs - from);
          for (int row = 0; row < packed.inputs; row++) {
            int target = packed.start(panel) + row * PANEL;
            for (int c = 0; c < width; c++) {
              Lanes.put(out, target + c, Lanes.get(in, weights.start(from + c) + row));
            }
          }
        });
    return packed;
  }

  int inputs() {
    return inputs;
  }

  int outputs() {
    return outputs;
  }

  int panels() {
    return panels(outputs);
  }

  private static int panels(int outputs) {
    return (outputs + PANEL - 1) / PANEL;
  }

  /** First value of a panel. */
  int start(int panel) {
    return panel * PANEL * inputs;
  }

  /** Copies a panel, [in, PANEL]. */
  void copyPanel(int panel, float[] target) {
    values.copyTo(start(panel), target, 0, inputs * PANEL);
  }

  ByteBuffer bytes() {
    return values.bytes();
  }

  @Override
  public void close() {
    values.free();
  }
}
