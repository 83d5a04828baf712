package dev.parallax.sim.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line or scatter plot as a piece of inline SVG for a self-contained HTML page.
 *
 * <pre>{@code
 * String svg = new SvgPlot("Error over time", "time [s]", "error [m]")
 *     .line("Sim(3)", timeS, errorM)
 *     .toSvg();
 * page.append("<style>").append(SvgPlot.STYLE).append("</style>").append(svg);
 * }</pre>
 *
 * Put {@link #STYLE} into the page once: it colours axes and series for dark and light screens and
 * lets a plot shrink to a narrow window. Points that are not finite break a line. One thread;
 * {@code toSvg} may be called again after more is added.
 */
public final class SvgPlot {
  /** Colours by CSS variables; a page may set the variables itself. */
  public static final String STYLE =
      """
      .plot{color:var(--ink,#222);--s0:#0b6bcb;--s1:#c2410c;--s2:#15803d;--s3:#7e22ce;
        width:100%;max-width:640px;height:auto;font:12px system-ui,sans-serif}
      @media (prefers-color-scheme:dark){.plot{color:var(--ink,#ddd);
        --s0:#6cb6ff;--s1:#ff9d5c;--s2:#63d387;--s3:#c99bff}}
      .plot text{fill:currentColor}
      .plot .frame{fill:none;stroke:currentColor;stroke-opacity:.5}
      .plot .grid{stroke:currentColor;stroke-opacity:.15}
      .plot .line{fill:none;stroke-width:1.6;stroke-linejoin:round}
      .plot .s0{stroke:var(--s0)}.plot .s1{stroke:var(--s1)}
      .plot .s2{stroke:var(--s2)}.plot .s3{stroke:var(--s3)}
      .plot circle.s0{fill:var(--s0)}.plot circle.s1{fill:var(--s1)}
      .plot circle.s2{fill:var(--s2)}.plot circle.s3{fill:var(--s3)}
      """;

  private static final int COLOURS = 4;
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int LEFT = 64;
  private static final int RIGHT = 16;
  private static final int TOP = 52;
  private static final int BOTTOM = 46;

  /** More points than this on one line say nothing more at this size. */
  private static final int MOST_POINTS = 2000;

  private record Series(String name, double[] x, double[] y, boolean joined) {}

  /** Data limits and where they lie on the picture. */
  private record Frame(double x0, double x1, double y0, double y1) {
    double px(double x) {
      return LEFT + (x - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT);
    }

    double py(double y) {
      return HEIGHT - BOTTOM - (y - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM);
    }
  }

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> series = new ArrayList<>();
  private boolean equalAspect;
  private boolean yFromZero;

  /** Labels name the unit, e.g. {@code time [s]}. */
  public SvgPlot(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  /** Adds a line through the points in their order. */
  public SvgPlot line(String name, double[] x, double[] y) {
    return add(new Series(name, x, y, true));
  }

  /** Adds points that are not joined. */
  public SvgPlot points(String name, double[] x, double[] y) {
    return add(new Series(name, x, y, false));
  }

  /** Draws one unit of x as long as one of y, as a path seen from above wants. */
  public SvgPlot equalAspect() {
    equalAspect = true;
    return this;
  }

  /** Includes zero on the y axis, as errors want. */
  public SvgPlot yFromZero() {
    yFromZero = true;
    return this;
  }

  /** The whole {@code <svg>} element. */
  public String toSvg() {
    Frame frame = frame();
    StringBuilder svg = new StringBuilder();
    append(
        svg,
        "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        WIDTH,
        HEIGHT,
        escape(title));
    append(
        svg,
        "<text x=\"%d\" y=\"18\" font-size=\"14\" font-weight=\"600\">%s</text>",
        LEFT,
        escape(title));
    axes(svg, frame);
    int legendX = LEFT;
    for (int i = 0; i < series.size(); i++) {
      String colour = "s" + i % COLOURS;
      draw(svg, frame, series.get(i), colour);
      append(
          svg,
          "<line class=\"line %s\" x1=\"%d\" y1=\"36\" x2=\"%d\" y2=\"36\"/>"
              + "<text x=\"%d\" y=\"40\">%s</text>",
          colour,
          legendX,
          legendX + 18,
          legendX + 24,
          escape(series.get(i).name));
      legendX += 44 + 7 * series.get(i).name.length();
    }
    return svg.append("</svg>\n").toString();
  }

  private SvgPlot add(Series added) {
    if (added.x.length != added.y.length) {
      throw new IllegalArgumentException(
          "%s: %d x for %d y".formatted(added.name, added.x.length, added.y.length));
    }
    series.add(added);
    return this;
  }

  private Frame frame() {
    double[] x = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    double[] y = x.clone();
    for (Series s : series) {
      for (int i = 0; i < s.x.length; i++) {
        if (Double.isFinite(s.x[i]) && Double.isFinite(s.y[i])) {
          include(x, s.x[i]);
          include(y, s.y[i]);
        }
      }
    }
    if (x[0] > x[1]) { // nothing to show: an empty frame, not a broken one
      return new Frame(0, 1, 0, 1);
    }
    if (yFromZero) {
      include(y, 0);
    }
    widen(x);
    widen(y);
    if (equalAspect) {
      double perPixel =
          Math.max((x[1] - x[0]) / (WIDTH - LEFT - RIGHT), (y[1] - y[0]) / (HEIGHT - TOP - BOTTOM));
      centre(x, perPixel * (WIDTH - LEFT - RIGHT));
      centre(y, perPixel * (HEIGHT - TOP - BOTTOM));
    }
    return new Frame(x[0], x[1], y[0], y[1]);
  }

  private static void include(double[] range, double value) {
    range[0] = Math.min(range[0], value);
    range[1] = Math.max(range[1], value);
  }

  /** Leaves a margin, and room around a single value. */
  private static void widen(double[] range) {
    double span = range[1] - range[0];
    double margin = span > 0 ? 0.04 * span : Math.max(1e-9, Math.abs(range[0]) * 0.1);
    boolean fromZero = range[0] == 0;
    range[0] -= fromZero ? 0 : margin;
    range[1] += margin;
  }

  private static void centre(double[] range, double span) {
    double middle = (range[0] + range[1]) / 2;
    range[0] = middle - span / 2;
    range[1] = middle + span / 2;
  }

  private void axes(StringBuilder svg, Frame f) {
    append(
        svg,
        "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
        LEFT,
        TOP,
        WIDTH - LEFT - RIGHT,
        HEIGHT - TOP - BOTTOM);
    double xStep = step(f.x1 - f.x0, 8);
    for (double v = Math.ceil(f.x0 / xStep) * xStep; v <= f.x1; v += xStep) {
      append(
          svg,
          "<line class=\"grid\" x1=\"%1$.1f\" y1=\"%2$d\" x2=\"%1$.1f\" y2=\"%3$d\"/>"
              + "<text x=\"%1$.1f\" y=\"%4$d\" text-anchor=\"middle\">%5$s</text>",
          f.px(v),
          TOP,
          HEIGHT - BOTTOM,
          HEIGHT - BOTTOM + 16,
          tick(v, xStep));
    }
    double yStep = step(f.y1 - f.y0, 5);
    for (double v = Math.ceil(f.y0 / yStep) * yStep; v <= f.y1; v += yStep) {
      append(
          svg,
          "<line class=\"grid\" x1=\"%1$d\" y1=\"%2$.1f\" x2=\"%3$d\" y2=\"%2$.1f\"/>"
              + "<text x=\"%4$d\" y=\"%5$.1f\" text-anchor=\"end\">%6$s</text>",
          LEFT,
          f.py(v),
          WIDTH - RIGHT,
          LEFT - 6,
          f.py(v) + 4,
          tick(v, yStep));
    }
    int middleX = (LEFT + WIDTH - RIGHT) / 2;
    int middleY = (TOP + HEIGHT - BOTTOM) / 2;
    append(
        svg,
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        middleX,
        HEIGHT - 8,
        escape(xLabel));
    append(
        svg,
        "<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
        middleY,
        escape(yLabel));
  }

  private static void draw(StringBuilder svg, Frame f, Series s, String colour) {
    int stride = Math.max(1, (s.x.length + MOST_POINTS - 1) / MOST_POINTS);
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < s.x.length; i += stride) {
      boolean known = Double.isFinite(s.x[i]) && Double.isFinite(s.y[i]);
      if (known && s.joined) {
        append(path, "%s%.1f %.1f", pen ? "L" : "M", f.px(s.x[i]), f.py(s.y[i]));
      } else if (known) {
        append(
            svg,
            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"1.5\"/>",
            colour,
            f.px(s.x[i]),
            f.py(s.y[i]));
      }
      pen = known;
    }
    if (s.joined) {
      append(svg, "<path class=\"line %s\" d=\"%s\"/>", colour, path);
    }
  }

  /** 1, 2 or 5 times a power of ten, so that about {@code wanted} ticks fit. */
  private static double step(double span, int wanted) {
    double raw = span / wanted;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double lead = raw / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  private static String tick(double value, double step) {
    int digits = (int) Math.max(0, Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)));
    double shown = Math.abs(value) < step * 1e-6 ? 0 : value;
    return String.format(Locale.ROOT, "%." + digits + "f", shown);
  }

  private static void append(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }

  /** Text made safe between tags and inside quoted attributes. */
  public static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
