package org.rlhf4j.jobs.quality;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * The votes of one annotator in up to {@link #MAX} windows of equal numbers of votes, from votes in
 * the order of time whose number is not known beforehand: when all windows are full, every two
 * become one.
 *
 * <p>The test of drift compares the windows' means of what {@link OtherVotes#residual} says, which
 * has mean 0 however hard the items are. With n votes, n_w of them and mean m_w in window w, and
 * overall mean m and variance s^2, the statistic sum n_w (m_w - m)^2/s^2 is n R^2 of the regression
 * on the windows, and has a chi-square distribution with W - 1 degrees of freedom if nothing
 * changes (Lagrange multiplier test).
 */
final class TimeWindows {
  static final int MAX = 16;

  /** Votes of the first windows. */
  static final int MIN_VOTES = 20;

  private static final double UNIT = FixedPoint.UNIT;

  private final long[] start = new long[MAX];
  private final long[] end = new long[MAX];
  private final long[] votes = new long[MAX];
  private final long[] others = new long[MAX];
  private final long[] agreeing = new long[MAX];
  private final long[] residuals = new long[MAX];
  private double squares;
  private long size = MIN_VOTES;
  private int used;

  /**
   * @param time not before that of the vote before
   * @param other votes on the same item
   * @param residual in units of 2^-32
   */
  void add(long time, int other, int equal, long residual) {
    if (used == 0 || votes[used - 1] == size) {
      open(time);
    }

    int w = used - 1;
    end[w] = time;
    votes[w]++;
    others[w] += other;
    agreeing[w] += equal;
    residuals[w] += residual;
    squares += residual / UNIT * (residual / UNIT);
  }

  private void open(long time) {
    if (used == MAX) {
      for (int w = 0; w < MAX / 2; w++) {
        move(2 * w, w);
        merge(2 * w + 1, w);
      }

      used = MAX / 2;
      size *= 2;
    }

    start[used] = time;
    votes[used] = 0;
    others[used] = 0;
    agreeing[used] = 0;
    residuals[used] = 0;
    used++;
  }

  private void move(int from, int to) {
    start[to] = start[from];
    end[to] = end[from];
    votes[to] = votes[from];
    others[to] = others[from];
    agreeing[to] = agreeing[from];
    residuals[to] = residuals[from];
  }

  private void merge(int from, int to) {
    end[to] = end[from];
    votes[to] += votes[from];
    others[to] += others[from];
    agreeing[to] += agreeing[from];
    residuals[to] += residuals[from];
  }

  /** Adds a last window that is less than half full to the one before. */
  void finish() {
    if (used > 1 && 2 * votes[used - 1] < size) {
      merge(used - 1, used - 2);
      used--;
    }
  }

  /** Probability of windows that differ so much by chance; NaN if there are fewer than two. */
  double probability() {
    if (used < 2 || start[0] == end[used - 1]) {
      return Double.NaN;
    }

    double variance = variance();
    double statistic = 0;
    for (int w = 0; w < used; w++) {
      double distance = residuals[w] / UNIT / votes[w] - mean();
      statistic += votes[w] * distance * distance;
    }

    return variance > 0 ? Gamma.regularizedGammaQ((used - 1) / 2.0, statistic / variance / 2) : 1;
  }

  List<TimeWindow> list() {
    double error = Math.sqrt(variance());
    double mean = used == 0 ? 0 : mean();
    List<TimeWindow> windows = new ArrayList<>(used);
    for (int w = 0; w < used; w++) {
      double distance = residuals[w] / UNIT / votes[w] - mean;
      windows.add(
          new TimeWindow(
              start[w],
              end[w],
              votes[w],
              (double) agreeing[w] / others[w],
              error > 0 ? distance * Math.sqrt((double) votes[w]) / error : 0));
    }

    return windows;
  }

  private double mean() {
    long sum = 0;
    long all = 0;
    for (int w = 0; w < used; w++) {
      sum += residuals[w];
      all += votes[w];
    }

    return sum / UNIT / all;
  }

  private double variance() {
    long all = 0;
    for (int w = 0; w < used; w++) {
      all += votes[w];
    }

    return all == 0 ? 0 : Math.max(0, squares / all - mean() * mean());
  }
}
