package org.rlhf4j.jobs.quality;

import java.io.Serializable;
import java.util.List;

/**
 * What one annotator did. Numbers that are not defined are NaN.
 *
 * @param annotator number
 * @param items labelled
 * @param others other votes on these items
 * @param agreeing those among them that are equal
 * @param goldItems items whose right label is known
 * @param goldRight those labelled rightly
 * @param goldClusters of these items, which are independent trials
 * @param accuracy estimated probability of the right label
 * @param low end of its interval
 * @param high as above
 * @param windows votes in the order of time
 * @param driftProbability of windows that differ so much by chance
 * @param votesPerHour while at work
 */
record AnnotatorSummary(
    int annotator,
    long items,
    long others,
    long agreeing,
    long goldItems,
    long goldRight,
    long goldClusters,
    double accuracy,
    double low,
    double high,
    List<TimeWindow> windows,
    double driftProbability,
    double votesPerHour)
    implements Serializable {

  double agreement() {
    return others == 0 ? 0 : (double) agreeing / others;
  }
}
