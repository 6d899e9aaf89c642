package org.rlhf4j.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of the machine's preferred width over off-heap floats; indices count floats. */
final class Lanes {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int WIDTH = SPECIES.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  // Vectors, since each broadcast inside a method costs the compiler nodes; see boundedExp.
  private static final FloatVector ONE = all(1f);
  private static final FloatVector LOG2_E = all(1.44269504088896341f);
  private static final FloatVector MINUS_LN2_HIGH = all(-0.693359375f);
  private static final FloatVector MINUS_LN2_LOW = all(2.12194440e-4f);
  // 1.5 * 2^23: adding it rounds to an integer.
  private static final FloatVector ROUND = all(12582912f);
  private static final FloatVector POWER7 = all(1.9875691500e-4f);
  private static final FloatVector POWER6 = all(1.3981999507e-3f);
  private static final FloatVector POWER5 = all(8.3334519073e-3f);
  private static final FloatVector POWER4 = all(4.1665795894e-2f);
  private static final FloatVector POWER3 = all(1.6666665459e-1f);
  private static final FloatVector POWER2 = all(5.0000001201e-1f);
  // Bounds that keep results, and products of them with factors and gradients, normal floats:
  // arithmetic on subnormal ones is ten times slower.
  private static final FloatVector SMALLEST = all(-80f);
  private static final FloatVector LARGEST = all(80f);
  // sigmoid(-40) = 4e-18 is 0 beside 1.
  private static final FloatVector SATURATED = all(40f);
  private static final FloatVector MINUS_SATURATED = all(-40f);

  private Lanes() {}

  /** The same value in all lanes. */
  static FloatVector all(float value) {
    return FloatVector.broadcast(SPECIES, value);
  }

  static FloatVector load(ByteBuffer values, int index) {
    return FloatVector.fromByteBuffer(SPECIES, values, index << 2, ORDER);
  }

  static void store(FloatVector vector, ByteBuffer values, int index) {
    vector.intoByteBuffer(values, index << 2, ORDER);
  }

  /** Copies {@code count} floats into the heap. */
  static void copy(ByteBuffer from, int start, float[] to, int target, int count) {
    int bound = bound(count);
    int i = 0;
    for (; i < bound; i += WIDTH) {
      load(from, start + i).intoArray(to, target + i);
    }
    for (; i < count; i++) {
      to[target + i] = get(from, start + i);
    }
  }

  /** Copies {@code count} floats out of the heap. */
  static void copy(float[] from, int start, ByteBuffer to, int target, int count) {
    int bound = bound(count);
    int i = 0;
    for (; i < bound; i += WIDTH) {
      store(FloatVector.fromArray(SPECIES, from, start + i), to, target + i);
    }
    for (; i < count; i++) {
      put(to, target + i, from[start + i]);
    }
  }

  static float get(ByteBuffer values, int index) {
    return values.getFloat(index << 2);
  }

  static void put(ByteBuffer values, int index, float value) {
    values.putFloat(index << 2, value);
  }

  /** Largest multiple of the vector width in {@code count}. */
  static int bound(int count) {
    return count - count % WIDTH;
  }

  static FloatVector zero() {
    return FloatVector.zero(SPECIES);
  }

  /** exp(x) within 2 units in the last place for x in [-80, 80], clamped outside. */
  static FloatVector exp(FloatVector x) {
    return boundedExp(x.max(SMALLEST).min(LARGEST));
  }

  /** sigmoid(-x) = 1 / (1 + exp(x)) for x in [-40, 40], clamped outside. */
  static FloatVector sigmoidOfMinus(FloatVector x) {
    FloatVector clamped = x.max(MINUS_SATURATED).min(SATURATED);
    return ONE.div(boundedExp(clamped).add(ONE));
  }

  /**
   * 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2] (Cephes, expf). Each operation here costs the
   * compiler of JDK 17 some 400 nodes, each broadcast of a constant nearly as many; beyond 18,000
   * in one method ("NodeCountInliningCutoff" under -XX:+PrintInlining) it allocates vectors instead
   * of keeping them in registers.
   */
  private static FloatVector boundedExp(FloatVector x) {
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(MINUS_LN2_HIGH, x);
    r = n.fma(MINUS_LN2_LOW, r);
    FloatVector p = r.fma(POWER7, POWER6);
    p = p.fma(r, POWER5);
    p = p.fma(r, POWER4);
    p = p.fma(r, POWER3);
    p = p.fma(r, POWER2);
    p = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }
}
