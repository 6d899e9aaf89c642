package org.rlhf4j.jobs.report;

import java.util.Locale;

/** A histogram of lengths as SVG text; see {@link LineChart} for why it is written by hand. */
final class BarChart {
  private static final int WIDTH = 460;
  private static final int HEIGHT = 170;
  private static final int SIDE = 12;
  private static final int TOP = 40;
  private static final int BOTTOM = 24;

  private BarChart() {}

  static String svg(String title, LengthHistogram histogram) {
    int first = histogram.first();
    int last = histogram.last();
    long highest = 1;
    for (int bin = first; bin <= last; bin++) {
      highest = Math.max(highest, histogram.count(bin));
    }

    StringBuilder svg = new StringBuilder();
    append(
        svg,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH,
        HEIGHT,
        escape(title));
    append(svg, "<text x=\"%d\" y=\"14\" class=\"title\">%s</text>", SIDE, escape(title));
    append(
        svg,
        "<text x=\"%d\" y=\"30\" class=\"tick\">mean %.1f, longest %d</text>",
        SIDE,
        histogram.mean(),
        histogram.max());
    double step = (double) (WIDTH - 2 * SIDE) / (last - first + 1);
    for (int bin = first; bin <= last; bin++) {
      double height = (double) histogram.count(bin) / highest * (HEIGHT - TOP - BOTTOM);
      double x = SIDE + (bin - first) * step;
      append(
          svg,
          "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"column\"><title>%d to"
              + " %d: %d</title></rect>",
          x,
          HEIGHT - BOTTOM - height,
          step * 0.9,
          height,
          LengthHistogram.least(bin),
          Math.max(0, LengthHistogram.least(bin + 1) - 1),
          histogram.count(bin));
      append(
          svg,
          "<text x=\"%.1f\" y=\"%d\" class=\"tick\" text-anchor=\"middle\">%d</text>",
          x + step * 0.45,
          HEIGHT - BOTTOM + 16,
          LengthHistogram.least(bin));
    }

    return svg.append("</svg>").toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static void append(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
