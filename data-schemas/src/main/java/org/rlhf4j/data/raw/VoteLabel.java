package org.rlhf4j.data.raw;

import java.math.BigDecimal;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * Labels of votes as text. A number has one form, however it was written: 1, 1.0 and 1e0 are one
 * label, and so are the texts that say them.
 */
public final class VoteLabel {
  /** A number as JSON writes it, so that 007, 1d and 0x1p3 are names. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private static final String ZERO = "0";

  private VoteLabel() {}

  /**
   * @param number finite
   */
  public static String of(double number) {
    return of(BigDecimal.valueOf(number));
  }

  /**
   * @param number no larger than a double, as its digits are written out
   */
  static String of(BigDecimal number) {
    return number.signum() == 0 ? ZERO : number.stripTrailingZeros().toPlainString();
  }

  /** A text as it is, unless it is a number. */
  static String of(String text) {
    OptionalDouble number = number(text);
    if (number.isEmpty()) {
      return text;
    }

    boolean isWhole = text.chars().allMatch(c -> c == '-' || Character.isDigit(c));
    return isWhole ? of(new BigDecimal(text)) : of(number.getAsDouble());
  }

  /** The number that a label is; empty if it is none, or too large for a double. */
  public static OptionalDouble number(String label) {
    boolean mayBeNumber = !label.isEmpty() && (label.charAt(0) == '-' || isDigit(label.charAt(0)));
    if (!mayBeNumber || !NUMBER.matcher(label).matches()) {
      return OptionalDouble.empty();
    }

    double value = Double.parseDouble(label);
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
