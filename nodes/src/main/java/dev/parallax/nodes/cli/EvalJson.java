package dev.parallax.nodes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parallax.sim.eval.EvalReport;
import dev.parallax.sim.eval.EvalReport.Curve;
import dev.parallax.sim.eval.Measure;

/**
 * An evaluation as JSON: {@code {estimate, ground_truth, measures: [{group, measure, value, unit,
 * note}], missing: [...], curves: {NAME: {x_label, y_label, x: [...], y: [...]}}}}. An infinite
 * figure is null, since JSON has none.
 */
final class EvalJson {
  private EvalJson() {}

  static String of(EvalReport report, String estimate, String truth) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("estimate", estimate).put("ground_truth", truth);
    ArrayNode measures = root.putArray("measures");
    for (Measure m : report.measures()) {
      ObjectNode node = measures.addObject().put("group", m.group()).put("measure", m.name());
      putFinite(node, "value", m.value());
      node.put("unit", m.unit()).put("note", m.note());
    }
    ArrayNode missing = root.putArray("missing");
    report.missing().forEach(missing::add);
    ObjectNode curves = root.putObject("curves");
    report.curves().forEach((name, curve) -> putCurve(curves.putObject(name), curve));
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree of plain values must be writable", e);
    }
  }

  private static void putCurve(ObjectNode node, Curve curve) {
    node.put("x_label", curve.xLabel()).put("y_label", curve.yLabel());
    putAll(node.putArray("x"), curve.x());
    putAll(node.putArray("y"), curve.y());
  }

  private static void putAll(ArrayNode array, double[] values) {
    for (double v : values) {
      if (Double.isFinite(v)) {
        array.add(v);
      } else {
        array.addNull();
      }
    }
  }

  private static void putFinite(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }
}
