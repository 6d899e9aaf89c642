package org.rlhf4j.hub;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Element types of safetensors files; weights are read from the three floating-point ones. */
enum TensorType {
  F32("F32", 4),
  F16("F16", 2),
  BF16("BF16", 2),
  // Known by size only: buffers of these types may stand beside the weights.
  F64("F64", 8),
  I64("I64", 8),
  U64("U64", 8),
  I32("I32", 4),
  U32("U32", 4),
  I16("I16", 2),
  U16("U16", 2),
  I8("I8", 1),
  U8("U8", 1),
  BOOL("BOOL", 1);

  private final String label;
  private final int bytes;

  TensorType(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  static Optional<TensorType> named(String label) {
    return Arrays.stream(values()).filter(type -> type.label.equals(label)).findFirst();
  }

  String label() {
    return label;
  }

  int bytes() {
    return bytes;
  }

  boolean holdsWeights() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** Converts {@code count} little-endian elements from the buffer's position. */
  void toFloats(ByteBuffer source, float[] target, int count) {
    switch (this) {
      case F32 -> source.asFloatBuffer().get(target, 0, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          target[i] = fromHalf(source.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          target[i] = Float.intBitsToFloat(source.getShort() << 16);
        }
      }
      default -> throw new IllegalStateException(this + " holds no weights");
    }
  }

  /** IEEE 754 binary16 to binary32; exact, subnormals and NaN included. */
  static float fromHalf(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
    }
    if (exponent == 0) {
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
  }
}
