package org.rlhf4j.jobs.dataset;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.rlhf4j.data.raw.RawResult.Rejected;
import org.rlhf4j.data.raw.Reason;

/**
 * One raw row as it was read: a line without its line end, an array element, or a Parquet row as
 * JSON.
 *
 * @param file name of the file, as users write it
 * @param number of the row in its file, from 1; blank lines are no rows but are counted here, so
 *     that the number is the line an editor shows
 * @param bytes the row's first bytes if it is cut
 * @param isCut whether the row was longer than {@link #MAX_BYTES}
 */
public record RawRow(String file, long number, byte[] bytes, boolean isCut)
    implements Serializable {
  /** Longest row that is parsed; longer ones would let one bad row exhaust an executor. */
  public static final int MAX_BYTES = 32 << 20;

  /** Why a row that is cut cannot be read. */
  public Optional<Rejected> tooLarge() {
    String detail = "the row is longer than %d bytes".formatted(MAX_BYTES);
    return isCut ? Optional.of(new Rejected(Reason.ROW_TOO_LARGE, detail)) : Optional.empty();
  }

  /**
   * The row as text that loses no byte: one that is no UTF-8 is read as Latin-1, in which every
   * byte is a character of its own. A cut row is read as UTF-8, as its last character may be cut.
   */
  public String text() {
    if (isCut) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
