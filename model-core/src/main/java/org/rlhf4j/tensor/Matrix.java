package org.rlhf4j.tensor;

/**
 * A row-major matrix inside a {@link Floats}: element (r, c) lies at {@code offset + r * stride +
 * c}.
 *
 * @param stride distance between the starts of two rows, at least {@code columns}
 */
public record Matrix(Floats values, int offset, int rows, int columns, int stride) {
  /** All of {@code values}, or its first part, as rows without gaps. */
  public static Matrix of(Floats values, int rows, int columns) {
    if ((long) rows * columns > values.length()) {
      throw new IllegalArgumentException(
          "A matrix of " + rows + " x " + columns + " in " + values.length() + " values");
    }
    return new Matrix(values, 0, rows, columns, columns);
  }

  /** A view of {@code count} rows. */
  public Matrix rows(int from, int count) {
    return new Matrix(values, start(from), count, columns, stride);
  }

  /** A view of {@code count} columns. */
  public Matrix columns(int from, int count) {
    return new Matrix(values, offset + from, rows, count, stride);
  }

  /** Index of a row's first element in {@code values}. */
  public int start(int row) {
    return offset + row * stride;
  }

  long address() {
    return values.address() + (long) offset * Float.BYTES;
  }
}
