package org.rlhf4j.jobs.dataset;

import java.io.Serializable;

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
}
