package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Rotary position embedding (Su et al. 2021, eq. 34) in the half-split form of transformers: with a
 * and b the halves of a head, a' = a cos - b sin and b' = b cos + a sin.
 */
final class Rotation {
  private Rotation() {}

  /**
   * Rotates the first {@code heads} heads of the rows [from, to) in place.
   *
   * @param table cosines and sines of each position, [positions, 2, headSize / 2]
   * @param direction 1 rotates, -1 rotates back
   */
  static void rotate(
      Matrix x,
      int heads,
      int headSize,
      Floats table,
      int[] positions,
      float direction,
      int from,
      int to) {
    ByteBuffer values = x.values().bytes();
    ByteBuffer angles = table.bytes();
    int half = headSize / 2;
    int bound = Lanes.bound(half);
    for (int row = from; row < to; row++) {
      int cosines = positions[row] * headSize;
      int sines = cosines + half;
      for (int head = 0; head < heads; head++) {
        int first = x.start(row) + head * headSize;
        int second = first + half;
        int c = 0;
        for (; c < bound; c += Lanes.WIDTH) {
          FloatVector cosine = Lanes.load(angles, cosines + c);
          FloatVector sine = Lanes.load(angles, sines + c).mul(direction);
          FloatVector a = Lanes.load(values, first + c);
          FloatVector b = Lanes.load(values, second + c);
          Lanes.store(a.mul(cosine).sub(b.mul(sine)), values, first + c);
          Lanes.store(b.mul(cosine).add(a.mul(sine)), values, second + c);
        }
        for (; c < half; c++) {
          float cosine = Lanes.get(angles, cosines + c);
          float sine = Lanes.get(angles, sines + c) * direction;
          float a = Lanes.get(values, first + c);
          float b = Lanes.get(values, second + c);
          Lanes.put(values, first + c, a * cosine - b * sine);
          Lanes.put(values, second + c, b * cosine + a * sine);
        }
      }
    }
  }
}
