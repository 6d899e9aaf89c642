package org.rlhf4j.tensor;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of floats in double, many at once: to the bit what a loop over them gives, which the
 * compiler of JDK 17 does not make vectors of, the types being of two sizes.
 */
public final class DoubleSums {
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));

  private DoubleSums() {}

  /** {@code sums += factor values}, of the first {@code count}; product and sum are rounded. */
  public static void addScaled(float[] values, double factor, double[] sums, int count) {
    int bound = DOUBLES.loopBound(count);
    int i = 0;
    for (; i < bound; i += DOUBLES.length()) {
      DoubleVector term =
          (DoubleVector)
              FloatVector.fromArray(FLOATS, values, i)
                  .convertShape(VectorOperators.F2D, DOUBLES, 0);
      DoubleVector.fromArray(DOUBLES, sums, i).add(term.mul(factor)).intoArray(sums, i);
    }
    for (; i < count; i++) {
      sums[i] += factor * values[i];
    }
  }

  /** {@code values = sums}, of the first {@code count}, each rounded to the nearest float. */
  public static void round(double[] sums, float[] values, int count) {
    int bound = DOUBLES.loopBound(count);
    int i = 0;
    for (; i < bound; i += DOUBLES.length()) {
      FloatVector rounded =
          (FloatVector)
              DoubleVector.fromArray(DOUBLES, sums, i).convertShape(VectorOperators.D2F, FLOATS, 0);
      rounded.intoArray(values, i);
    }
    for (; i < count; i++) {
      values[i] = (float) sums[i];
    }
  }
}
