package org.rlhf4j.jobs.report;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * One record of a TensorBoard event file: a protocol buffer {@code tensorflow.Event} [1] in the
 * framing of TFRecord [2].
 *
 * <p>[1] tensorflow/core/util/event.proto: wall_time = 1 (double), step = 2 (varint), file_version
 * = 3 (string), summary = 5; Summary.value = 1; Value.tag = 1, Value.simple_value = 2 (float)
 *
 * <p>[2] tensorflow/core/lib/io/record_writer.h: length (8 bytes, little endian), its masked
 * CRC-32C, the data, its masked CRC-32C
 */
final class EventRecord {
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;

  private static final int VARINT = 0;
  private static final int FIXED_64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED_32 = 5;

  private static final int MASK_DELTA = 0xa282ead8;
  private static final int MASK_ROTATION = 15;

  private EventRecord() {}

  /** The first record of every file. */
  static byte[] version(double time) {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    putTime(event, time);
    putBytes(event, FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    return framed(event.toByteArray());
  }

  /**
   * @param time seconds since 1970
   */
  static byte[] scalar(double time, long step, String tag, float number) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    putBytes(value, TAG, tag.getBytes(StandardCharsets.UTF_8));
    putKey(value, SIMPLE_VALUE, FIXED_32);
    value.writeBytes(littleEndian(Float.BYTES).putFloat(number).array());
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    putBytes(summary, VALUE, value.toByteArray());

    ByteArrayOutputStream event = new ByteArrayOutputStream();
    putTime(event, time);
    putKey(event, STEP, VARINT);
    putVarint(event, step);
    putBytes(event, SUMMARY, summary.toByteArray());
    return framed(event.toByteArray());
  }

  private static byte[] framed(byte[] data) {
    byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
    return littleEndian(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
        .put(length)
        .putInt(maskedCrc(length))
        .put(data)
        .putInt(maskedCrc(data))
        .array();
  }

  /** Rotated and shifted, so that a checksum of data with checksums stays sound. */
  static int maskedCrc(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
  }

  private static void putTime(ByteArrayOutputStream out, double time) {
    putKey(out, WALL_TIME, FIXED_64);
    out.writeBytes(littleEndian(Double.BYTES).putDouble(time).array());
  }

  private static void putBytes(ByteArrayOutputStream out, int field, byte[] bytes) {
    putKey(out, field, BYTES);
    putVarint(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void putKey(ByteArrayOutputStream out, int field, int wireType) {
    putVarint(out, (long) field << 3 | wireType);
  }

  private static void putVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
