package org.rlhf4j.jobs.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One curve.
 *
 * @param name in the legend
 * @param points in order of x
 */
record Series(String name, List<Point> points) {
  /** One value. */
  record Point(double x, double y) {}

  /** The values of a metric by step; rows without it, or without a finite one, are left out. */
  static Series of(String name, List<JsonNode> rows, String metric) {
    List<Point> points = new ArrayList<>();
    for (JsonNode row : rows) {
      JsonNode value = row.path(metric);
      if (value.isNumber() && Double.isFinite(value.doubleValue())) {
        points.add(new Point(row.path("step").doubleValue(), value.doubleValue()));
      }
    }
    return new Series(name, List.copyOf(points));
  }

  /** A level over the same steps. */
  static Series level(String name, double value, Series like) {
    return new Series(
        name, like.points().stream().map(point -> new Point(point.x(), value)).toList());
  }
}
