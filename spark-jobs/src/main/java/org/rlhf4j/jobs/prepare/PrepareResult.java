package org.rlhf4j.jobs.prepare;

import java.util.List;
import java.util.Map;

/**
 * What became of the raw rows: {@code read = kept + quarantined + duplicates}, over all and in each
 * file.
 *
 * @param reasons quarantined rows by reason code, in the order of the codes
 * @param nearDuplicates duplicates that say nearly, not exactly, the same
 * @param otherSplit duplicates whose prompt is nearly one of another split
 * @param truncated kept rows that were cut to the length limits
 * @param datasets rows published, by dataset
 * @param leftOutFiles files in folders that are not read, by their names
 */
public record PrepareResult(
    long read,
    long kept,
    long quarantined,
    long duplicates,
    long nearDuplicates,
    long otherSplit,
    long truncated,
    Map<String, Long> reasons,
    Map<String, Long> datasets,
    List<FileCounts> files,
    List<String> leftOutFiles) {

  /** The same of one input file. */
  public record FileCounts(
      String path,
      long read,
      long kept,
      long quarantined,
      long duplicates,
      Map<String, Long> reasons) {}
}
