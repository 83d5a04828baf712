package dev.parallax.nodes.runtime.files;

import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.nodes.runtime.Ledger.StageLatency;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.mapping.OccupancyGrid2d;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.sim.eval.SvgPlot;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html}: what a run saw, in one file that needs nothing else: picture, depth and
 * scene flow at a few moments, the path from above, the map, the latency of each stage, what became
 * of the frames and what a person was told. Readable on dark and light screens and narrow ones.
 */
final class ReplayReport {
  private final String title;
  private final ScaleSource scale;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1d2530;--paper:#fbfbf9;--faint:#6a7480;--card:#fff;
        --edge:#d9dde2;--bar:#3b82c4;--bar2:#a9c8e6}
      @media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--paper:#14181d;--faint:#97a1ac;
        --card:#1c2229;--edge:#323b45;--bar:#5aa0dd;--bar2:#2d5576}}
      *{box-sizing:border-box}
      body{margin:0 auto;padding:1rem;max-width:1100px;background:var(--paper);color:var(--ink);
        font:15px/1.5 system-ui,sans-serif}
      h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}
      .moments{display:grid;gap:.75rem}
      .moment{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:.4rem}
      figure{margin:0}img{width:100%;display:block;border-radius:4px}
      figcaption,.note{color:var(--faint);font-size:.85rem}
      .legends{display:flex;flex-wrap:wrap;gap:1.5rem;margin:.5rem 0}
      .legend{min-width:220px;flex:1}.scale{height:.8rem;border-radius:3px}
      .ticks{display:flex;justify-content:space-between;font-size:.85rem}
      table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;
        vertical-align:middle}td.n{text-align:right;font-variant-numeric:tabular-nums}
      .track{width:min(45vw,420px);position:relative;height:1rem;background:var(--card);
        border:1px solid var(--edge)}
      .track i{position:absolute;left:0;top:0;bottom:0}.p99{background:var(--bar2)}
      .p50{background:var(--bar)}
      .map img{image-rendering:pixelated;max-width:640px;border:1px solid var(--edge)}
      .warning{border-left:3px solid #d97706;padding-left:.6rem}
      """;

  /**
   * @param title names the recording
   * @param scale decides whether lengths are called metres
   */
  ReplayReport(String title, ScaleSource scale) {
    this.title = title;
    this.scale = scale;
  }

  String html(
      List<Moment> moments,
      double[] pathXM,
      double[] pathYM,
      @Nullable OccupancyGrid2d map,
      Ledger.Counts counts,
      Collection<StageLatency> latencies,
      Collection<Notice> notices) {
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
    page.append("<title>").append(escape(title)).append(" - Parallax</title>");
    page.append("<style>").append(STYLE).append(SvgPlot.STYLE).append("</style></head><body>\n");
    page.append("<h1>").append(escape(title)).append("</h1>\n");
    page.append("<p class=\"note\">Scale: ").append(scale.label());
    page.append(
        scale.isMetric()
            ? ", lengths are metres.</p>\n"
            : ". Lengths are in an arbitrary unit, not metres.</p>\n");
    appendNotices(page, notices);
    appendMoments(page, moments);
    page.append("<h2>Path from above</h2>\n").append(path(pathXM, pathYM));
    appendMap(page, map);
    appendLatencies(page, latencies);
    appendCounts(page, counts);
    return page.append("</body></html>\n").toString();
  }

  private static void appendNotices(StringBuilder page, Collection<Notice> notices) {
    for (Notice notice : notices) {
      boolean warns = notice.severity() == Notice.Severity.WARNING;
      page.append(warns ? "<p class=\"warning\">" : "<p>");
      page.append(escape(notice.message())).append("</p>\n");
    }
  }

  private void appendMoments(StringBuilder page, List<Moment> moments) {
    page.append("<h2>Picture, depth, scene flow</h2>\n");
    if (moments.isEmpty()) {
      page.append("<p>No frame was published.</p>\n");
      return;
    }
    MomentImages images = new MomentImages(moments);
    page.append("<div class=\"legends\">");
    appendLegend(
        page,
        "Depth, near is bright",
        length(images.farM()),
        length(images.middleM()),
        length(images.nearM()));
    double full = images.fullScaleMps();
    appendLegend(
        page,
        "Speed of what moves by itself",
        "0",
        length(full / 2) + "/s",
        length(full) + "/s or more");
    page.append("</div><p class=\"note\">Grey: unknown.</p><div class=\"moments\">\n");
    for (Moment m : moments) {
      page.append("<div class=\"moment\">");
      appendFigure(page, images.picture(m), "picture at " + m.stamp() + " s");
      appendFigure(page, images.depth(m), "depth");
      appendFigure(page, images.sceneFlow(m), "scene flow");
      page.append("</div>\n");
    }
    page.append("</div>\n");
  }

  private static void appendFigure(StringBuilder page, String dataUri, String caption) {
    page.append("<figure><img alt=\"").append(caption).append("\" src=\"").append(dataUri);
    page.append("\"><figcaption>").append(caption).append("</figcaption></figure>");
  }

  private static void appendLegend(
      StringBuilder page, String name, String low, String middle, String high) {
    page.append("<div class=\"legend\">").append(name);
    page.append("<div class=\"scale\" style=\"background:").append(ColourScale.cssGradient());
    page.append("\"></div><div class=\"ticks\"><span>").append(low).append("</span><span>");
    page.append(middle).append("</span><span>").append(high).append("</span></div></div>");
  }

  private String path(double[] xM, double[] yM) {
    double[] right = new double[yM.length];
    for (int i = 0; i < right.length; i++) {
      right[i] = -yM[i];
    }
    String unit = scale.isMetric() ? "[m]" : "[units]";
    return new SvgPlot("Camera in odom", "to the right " + unit, "forward " + unit)
        .equalAspect()
        .line("path", right, xM)
        .toSvg();
  }

  private void appendMap(StringBuilder page, @Nullable OccupancyGrid2d map) {
    page.append("<h2>Map</h2>\n");
    if (map == null || map.width() == 0) {
      page.append("<p>Nothing was mapped.</p>\n");
      return;
    }
    Picture grey =
        new Picture(map.width(), map.height(), Picture.Format.MONO8, MapFiles.greys(map));
    String png = Base64.getEncoder().encodeToString(new ImageCodec().encodePng(grey));
    page.append("<figure class=\"map\"><img alt=\"occupancy grid\" src=\"data:image/png;base64,");
    page.append(png)
        .append("\"><figcaption>White free, black occupied, grey unknown; x of odom to");
    page.append(" the right, y up; a cell is ").append(length(map.resolutionM()));
    page.append(".</figcaption></figure>\n");
  }

  private static void appendLatencies(StringBuilder page, Collection<StageLatency> latencies) {
    page.append("<h2>Milliseconds per stage</h2>\n<table><tr><th>stage</th><th>p50</th>");
    page.append("<th>p99</th><th>dark p50, pale p99</th></tr>\n");
    double longest = latencies.stream().mapToDouble(StageLatency::p99Ms).max().orElse(1);
    for (StageLatency s : latencies) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td class=\"n\">%.2f</td><td class=\"n\">%.2f</td><td><div"
                  + " class=\"track\"><i class=\"p99\" style=\"width:%.1f%%\"></i><i class=\"p50\""
                  + " style=\"width:%.1f%%\"></i></div></td></tr>%n",
              s.stage().name().toLowerCase(Locale.ROOT).replace('_', ' '),
              s.p50Ms(),
              s.p99Ms(),
              100 * s.p99Ms() / longest,
              100 * s.p50Ms() / longest));
    }
    page.append("</table>\n");
  }

  private static void appendCounts(StringBuilder page, Ledger.Counts counts) {
    page.append("<h2>What became of the frames</h2>\n<table>");
    appendCount(page, "in", counts.in());
    appendCount(page, "published", counts.published());
    counts
        .skipped()
        .forEach(
            (reason, n) ->
                appendCount(page, "skipped: " + reason.name().toLowerCase(Locale.ROOT), n));
    appendCount(page, "lost", counts.lost());
    page.append("</table>\n");
  }

  private static void appendCount(StringBuilder page, String name, long n) {
    page.append("<tr><td>").append(name.replace('_', ' ')).append("</td><td class=\"n\">");
    page.append(n).append("</td></tr>");
  }

  private String length(double metres) {
    return String.format(Locale.ROOT, "%.3g %s", metres, scale.isMetric() ? "m" : "units");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
