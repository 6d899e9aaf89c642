package org.rlhf4j.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Operators of numbers, texts and lists. */
final class Arithmetic {
  private Arithmetic() {}

  /** Truth values are numbers, too. */
  static boolean isNumber(Object value) {
    return value instanceof Number || value instanceof Boolean;
  }

  static long integer(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Long number) {
      return number;
    }
    throw unsuitable("a whole number", value);
  }

  private static double real(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    return integer(value);
  }

  private static TemplateException unsuitable(String expected, Object value) {
    if (value instanceof Undefined undefined) {
      return undefined.error();
    }
    return new TemplateException(
        expected + " is expected, but " + Values.typeName(value) + " is found");
  }

  static Object add(Object left, Object right) {
    if (left instanceof String first && right instanceof String second) {
      Strings.checkLength((long) first.length() + second.length());
      return first + second;
    }
    if (left instanceof List<?> first && right instanceof List<?> second) {
      List<Object> joined = new ArrayList<>(first);
      joined.addAll(second);
      return joined;
    }
    if (left instanceof String) {
      throw unsuitable("a text", right);
    }
    return calculate('+', left, right);
  }

  static Object multiply(Object left, Object right) {
    if (left instanceof String text) {
      return repeat(text, integer(right));
    }
    return right instanceof String text ? repeat(text, integer(left)) : calculate('*', left, right);
  }

  private static String repeat(String text, long count) {
    if (count <= 0) {
      return "";
    }
    Strings.checkLength(
        Math.multiplyHigh(text.length(), count) == 0 ? text.length() * count : Long.MAX_VALUE);
    return text.repeat((int) count);
  }

  /** One of {@code + - * / % ^} and, for whole division, {@code |}. */
  static Object calculate(char operator, Object left, Object right) {
    if (!isNumber(left) || !isNumber(right)) {
      throw unsuitable("a number", isNumber(left) ? right : left);
    }
    if ((operator == '/' || operator == '|' || operator == '%') && real(right) == 0) {
      throw new TemplateException("division by zero");
    }
    boolean whole = !(left instanceof Double) && !(right instanceof Double) && operator != '/';
    try {
      return whole && (operator != '^' || integer(right) >= 0)
          ? (Object) whole(operator, integer(left), integer(right))
          : (Object) real(operator, real(left), real(right));
    } catch (ArithmeticException e) {
      throw new TemplateException("a number becomes too large");
    }
  }

  private static long whole(char operator, long left, long right) {
    return switch (operator) {
      case '+' -> Math.addExact(left, right);
      case '-' -> Math.subtractExact(left, right);
      case '*' -> Math.multiplyExact(left, right);
      case '|' -> Math.floorDiv(left, right);
      case '%' -> Math.floorMod(left, right);
      default -> power(left, right);
    };
  }

  private static long power(long base, long exponent) {
    double size = Math.pow((double) base, (double) exponent);
    if (Math.abs(size) > 1L << 52) {
      throw new ArithmeticException();
    }
    return (long) size;
  }

  private static double real(char operator, double left, double right) {
    return switch (operator) {
      case '+' -> left + right;
      case '-' -> left - right;
      case '*' -> left * right;
      case '/' -> left / right;
      case '|' -> Math.floor(left / right);
      case '%' -> left - right * Math.floor(left / right);
      default -> Math.pow(left, right);
    };
  }

  /** Order of two numbers or two texts. */
  static int compare(Object left, Object right) {
    if (left instanceof String first && right instanceof String second) {
      return first.compareTo(second);
    }
    if (!isNumber(left) || !isNumber(right)) {
      throw unsuitable("something that can be compared", isNumber(left) ? right : left);
    }
    return left instanceof Double || right instanceof Double
        ? Double.compare(real(left), real(right))
        : Long.compare(integer(left), integer(right));
  }
}
