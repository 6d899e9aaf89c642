package org.rlhf4j.jobs.quality;

import java.io.Serializable;

/**
 * Some votes of one annotator that follow each other.
 *
 * @param start time of the first, milliseconds since 1970
 * @param end time of the last
 * @param agreement share of agreeing votes among the other votes on the same items
 * @param deviation by how much the annotator was right more often than over all windows, in
 *     standard errors
 */
record TimeWindow(long start, long end, long votes, double agreement, double deviation)
    implements Serializable {}
