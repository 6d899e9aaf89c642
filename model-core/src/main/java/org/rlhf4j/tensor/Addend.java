package org.rlhf4j.tensor;

import java.util.Optional;

/**
 * What a product is added to: a row for all rows, such as a bias, a matrix, such as the residual
 * stream, their sum, or nothing.
 *
 * @param row [H]
 * @param rows [N, H]
 */
public record Addend(Optional<Floats> row, Optional<Matrix> rows) {
  public static final Addend NONE = new Addend(Optional.empty(), Optional.empty());

  /** Whether there is nothing to add. */
  public boolean isNone() {
    return row.isEmpty() && rows.isEmpty();
  }

  /** y = this; y may be its {@code rows}. */
  public void fill(Kernels kernels, Matrix y) {
    if (isNone()) {
      kernels.clear(y);
    } else if (rows.isEmpty()) {
      kernels.fillRows(row.get(), y);
    } else if (row.isPresent()) {
      kernels.addRow(rows.get(), row.get(), y);
    } else if (!rows.get().equals(y)) {
      kernels.copy(rows.get(), y);
    }
  }
}
