package org.rlhf4j.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TestEventRecord {
  /** Check value of CRC-32C (RFC 3720, appendix B.4), masked as TFRecord does. */
  @Test
  void maskedChecksum() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(EventRecord.maskedCrc(digits)).isEqualTo(0xc78ab0e5);
  }

  /** Bytes put together with Python's struct; TensorBoard's own loader reads such files. */
  @Test
  void scalarRecord() {
    assertThat(HexFormat.of().formatHex(EventRecord.scalar(2.0, 150, "loss", 0.5f)))
        .isEqualTo(
            "1b000000000000001a0d9e13"
                + "0900000000000000401096012a0d0a0b0a046c6f7373150000003f"
                + "f9f3fc2e");
  }
}
