package org.rlhf4j.decoder;

import java.util.Optional;
import org.rlhf4j.tensor.AttentionShape;
import org.rlhf4j.tensor.Floats;
import org.rlhf4j.tensor.Kernels;
import org.rlhf4j.tensor.Matrix;

/** Rotates queries and keys by their positions. One instance per decoder; not thread-safe. */
final class Rotary {
  private final AttentionShape shape;
  private final float[] frequencies;
  private final float amplitude;
  private Optional<Floats> table = Optional.empty(); // [positions, 2, D / 2]

  Rotary(AttentionShape shape, RotaryShape rotary) {
    this.shape = shape;
    this.frequencies = rotary.frequencies(shape.headSize());
    this.amplitude = (float) rotary.scaling().amplitude();
  }

  /** Rotates the queries and keys of qkv, [N, (heads + 2 kvHeads) D]. */
  void forward(Pass pass, Matrix qkv) {
    int heads = shape.heads() + shape.kvHeads();
    pass.kernels().rotate(qkv, heads, shape.headSize(), table(pass), pass.positions());
  }

  /** Turns the gradient of the rotated into that of the unrotated. */
  void backward(Pass pass, Matrix dQkv) {
    int heads = shape.heads() + shape.kvHeads();
    pass.kernels().rotateBack(dQkv, heads, shape.headSize(), table(pass), pass.positions());
  }

  private Floats table(Pass pass) {
    int longest = 0;
    for (int position : pass.positions()) {
      longest = Math.max(longest, position + 1);
    }
    long needed = (long) longest * shape.headSize();
    if (table.filter(known -> known.length() >= needed).isEmpty()) {
      table = Optional.of(angles(pass.kernels(), Math.max(longest, 64) * 3 / 2));
    }
    return table.orElseThrow();
  }

  /** In float where transformers uses float: long contexts feel the rounding of the angle. */
  private Floats angles(Kernels kernels, int positions) {
    int half = frequencies.length;
    float[] angles = new float[positions * shape.headSize()];
    for (int position = 0; position < positions; position++) {
      int row = position * shape.headSize();
      for (int i = 0; i < half; i++) {
        float angle = position * frequencies[i];
        angles[row + i] = amplitude * (float) Math.cos(angle);
        angles[row + half + i] = amplitude * (float) Math.sin(angle);
      }
    }
    Floats floats = kernels.allocate(angles.length);
    floats.copyFrom(angles, 0, 0, angles.length);
    return floats;
  }
}
