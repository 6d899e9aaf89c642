package org.rlhf4j.jobs.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Curves as SVG text. Written by hand because chart libraries measure text with AWT, which fails on
 * servers whose JDK finds no fonts.
 */
final class LineChart {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 230;
  private static final int LEFT = 52;
  private static final int RIGHT = 12;
  private static final int TOP = 34;
  private static final int BOTTOM = 30;
  private static final int TICKS = 4;
  private static final double MARGIN = 0.06;
  private static final int LEGEND_STEP = 110;
  private static final List<String> COLOURS = List.of("#1f6feb", "#c4432b", "#2e8540", "#8250df");

  private final String title;
  private final List<Series> series;
  private final double lowX;
  private final double highX;
  private final double lowY;
  private final double highY;

  /**
   * @param series at least one with a point
   */
  LineChart(String title, List<Series> series) {
    this.title = title;
    this.series = series;
    lowX = xs().min().orElseThrow();
    highX = Math.max(xs().max().orElseThrow(), lowX + 1);
    double low = ys().min().orElseThrow();
    double high = ys().max().orElseThrow();
    double space = high > low ? (high - low) * MARGIN : Math.max(Math.abs(high), 1) * MARGIN;
    lowY = low - space;
    highY = high + space;
  }

  String svg() {
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH,
        HEIGHT,
        escape(title));
    append(svg, "<text x=\"%d\" y=\"14\" class=\"title\">%s</text>", LEFT, escape(title));
    appendGrid(svg);
    for (int i = 0; i < series.size(); i++) {
      appendSeries(svg, i);
    }
    return svg.append("</svg>").toString();
  }

  private void appendGrid(StringBuilder svg) {
    double step = niceStep((highY - lowY) / TICKS);
    for (double y = Math.ceil(lowY / step) * step; y <= highY; y += step) {
      append(
          svg,
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" class=\"grid\"/>",
          LEFT,
          WIDTH - RIGHT,
          pixelY(y),
          pixelY(y));
      append(
          svg,
          "<text x=\"%d\" y=\"%.1f\" class=\"tick\" text-anchor=\"end\">%s</text>",
          LEFT - 6,
          pixelY(y) + 4,
          label(y, step));
    }
    double stepX = niceStep((highX - lowX) / TICKS);
    if (xs().allMatch(x -> x == Math.rint(x))) {
      stepX = Math.max(1, stepX);
    }
    for (double x = Math.ceil(lowX / stepX) * stepX; x <= highX; x += stepX) {
      append(
          svg,
          "<text x=\"%.1f\" y=\"%d\" class=\"tick\" text-anchor=\"middle\">%s</text>",
          pixelX(x),
          HEIGHT - BOTTOM + 18,
          label(x, stepX));
    }
  }

  private void appendSeries(StringBuilder svg, int index) {
    String colour = COLOURS.get(index % COLOURS.size());
    String points =
        series.get(index).points().stream()
            .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", pixelX(p.x()), pixelY(p.y())))
            .collect(Collectors.joining(" "));
    append(svg, "<polyline points=\"%s\" class=\"curve\" style=\"stroke:%s\"/>", points, colour);
    if (series.get(index).points().size() == 1) {
      Series.Point point = series.get(index).points().get(0);
      append(
          svg,
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" style=\"fill:%s\"/>",
          pixelX(point.x()),
          pixelY(point.y()),
          colour);
    }
    if (series.size() > 1) {
      append(
          svg,
          "<text x=\"%d\" y=\"28\" class=\"tick\" style=\"fill:%s\">%s</text>",
          LEFT + index * LEGEND_STEP,
          colour,
          escape(series.get(index).name()));
    }
  }

  private DoubleStream xs() {
    return series.stream().flatMap(s -> s.points().stream()).mapToDouble(Series.Point::x);
  }

  private DoubleStream ys() {
    return series.stream().flatMap(s -> s.points().stream()).mapToDouble(Series.Point::y);
  }

  private double pixelX(double x) {
    return LEFT + (x - lowX) / (highX - lowX) * (WIDTH - LEFT - RIGHT);
  }

  private double pixelY(double y) {
    return HEIGHT - BOTTOM - (y - lowY) / (highY - lowY) * (HEIGHT - TOP - BOTTOM);
  }

  /** 1, 2 or 5 times a power of ten, at least {@code step}. */
  private static double niceStep(double step) {
    double power = Math.pow(10, Math.floor(Math.log10(step)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= step) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String label(double value, double step) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step)));
    return decimals > 4
        ? String.format(Locale.ROOT, "%.1e", value)
        : String.format(Locale.ROOT, "%." + decimals + "f", value + 0.0);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static void append(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
