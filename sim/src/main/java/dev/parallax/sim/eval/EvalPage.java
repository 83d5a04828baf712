package dev.parallax.sim.eval;

import dev.parallax.sim.eval.EvalReport.Curve;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An evaluation as one HTML file that needs nothing else: plots, the table, what is missing. */
public final class EvalPage {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#222;--paper:#fff;--faint:#666;--rule:#ddd}
      @media (prefers-color-scheme:dark){:root{--ink:#ddd;--paper:#16181c;--faint:#999;
        --rule:#333}}
      body{margin:0 auto;max-width:1320px;padding:1rem;background:var(--paper);color:var(--ink);
        font:15px/1.45 system-ui,sans-serif}
      h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;margin-top:2rem}
      .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));
        gap:1rem}
      .table{overflow-x:auto}table{border-collapse:collapse}
      td,th{padding:.2rem .8rem .2rem 0;text-align:left;border-bottom:1px solid var(--rule)}
      td.value{text-align:right;font-variant-numeric:tabular-nums}.note{color:var(--faint)}
      """;

  /** One plot: the curves drawn in it, by their names in the report, with their labels. */
  private record Panel(String title, Map<String, String> curves, boolean equalAspect) {}

  private static final List<Panel> PANELS =
      List.of(
          panel(
              "Path, seen along the axis it spreads least",
              true,
              "odometry.path_true",
              "true",
              "odometry.path_estimated",
              "estimated, after Sim(3)"),
          panel(
              "Position error over time",
              false,
              "odometry.error_sim3",
              "after Sim(3)",
              "odometry.error_se3",
              "after SE(3)"),
          panel("Local scale along the path", false, "odometry.local_scale", "log of scale"),
          panel(
              "AbsRel of depth over time",
              false,
              "depth.absrel_published",
              "as published",
              "depth.absrel_scaled",
              "one median scale"),
          panel(
              "Calibration of the std of depth",
              false,
              "depth.std_coverage",
              "measured",
              "depth.std_coverage_gaussian",
              "if right and Gaussian"),
          panel(
              "Sparsification of depth",
              false,
              "depth.sparsification",
              "by std",
              "depth.sparsification_oracle",
              "by true error"),
          panel("Flow error over time", false, "flow.epe", "EPE"));

  private EvalPage() {}

  /**
   * @param estimate names the run, for the title
   * @param truth names the recording
   */
  public static String of(EvalReport report, String estimate, String truth) {
    StringBuilder page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head>");
    page.append("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
    page.append("<title>Evaluation of ").append(SvgPlot.escape(estimate)).append("</title><style>");
    page.append(STYLE).append(SvgPlot.STYLE).append("</style></head><body>\n<h1>");
    page.append(SvgPlot.escape(estimate)).append(" against ").append(SvgPlot.escape(truth));
    page.append("</h1>\n<div class=\"plots\">\n");
    drawn(report).forEach(page::append);
    page.append("</div>\n");
    appendTable(page, report);
    if (!report.missing().isEmpty()) {
      page.append("<h2>Not judged</h2>\n<ul>\n");
      for (String line : report.missing()) {
        page.append("<li>").append(SvgPlot.escape(line)).append("</li>\n");
      }
      page.append("</ul>\n");
    }
    return page.append("</body></html>\n").toString();
  }

  /** Panels of which at least one curve is there. */
  private static List<String> drawn(EvalReport report) {
    List<String> plots = new ArrayList<>();
    for (Panel panel : PANELS) {
      SvgPlot plot = null;
      for (Map.Entry<String, String> entry : panel.curves.entrySet()) {
        Curve curve = report.curves().get(entry.getKey());
        if (curve != null) {
          plot = plot == null ? new SvgPlot(panel.title, curve.xLabel(), curve.yLabel()) : plot;
          plot.line(entry.getValue(), curve.x(), curve.y());
        }
      }
      if (plot != null) {
        plots.add((panel.equalAspect ? plot.equalAspect() : plot).toSvg());
      }
    }
    return plots;
  }

  private static void appendTable(StringBuilder page, EvalReport report) {
    String group = "";
    for (Measure m : report.measures()) {
      if (!m.group().equals(group)) {
        page.append(group.isEmpty() ? "" : "</table></div>\n");
        group = m.group();
        page.append("<h2>").append(SvgPlot.escape(group));
        page.append("</h2>\n<div class=\"table\"><table>\n");
        page.append("<tr><th>measure</th><th>value</th><th>unit</th><th>note</th></tr>\n");
      }
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s</td><td class=\"value\">%s</td><td>%s</td><td class=\"note\">%s</td></tr>%n",
              SvgPlot.escape(m.name()),
              TextTable.format(m.value()),
              SvgPlot.escape(m.unit()),
              SvgPlot.escape(m.note())));
    }
    page.append(group.isEmpty() ? "" : "</table></div>\n");
  }

  private static Panel panel(String title, boolean equalAspect, String... namesAndLabels) {
    Map<String, String> curves = new LinkedHashMap<>();
    for (int i = 0; i < namesAndLabels.length; i += 2) {
      curves.put(namesAndLabels[i], namesAndLabels[i + 1]);
    }
    return new Panel(title, curves, equalAspect);
  }
}
