package dev.parallax.sim.training;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX file under way: one input and one output picture of any batch, height and width, nodes in
 * order, weights as floats. Field numbers are those of {@code onnx.proto}, IR version 8, operator
 * set 17.
 */
public final class OnnxGraph {
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;
  private static final int FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_INTS = 7;

  private final String name;
  private final ProtoBytes graph = new ProtoBytes();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private int nodes;

  public OnnxGraph(String name) {
    this.name = name;
  }

  /** A fact about the file, kept in its metadata. */
  public OnnxGraph note(String key, String value) {
    notes.put(key, value);
    return this;
  }

  /** A constant. */
  public String weights(String weightName, long[] shape, float[] values) {
    ProtoBytes tensor = new ProtoBytes();
    for (long size : shape) {
      tensor.number(1, size);
    }
    tensor.number(2, FLOAT).text(8, weightName).bytes(9, ProtoBytes.littleEndian(values));
    graph.message(5, tensor);
    return weightName;
  }

  /**
   * A node.
   *
   * @param attributes numbers, texts or lists of numbers ({@code long[]}) by name
   * @return the name of its one output
   */
  public String node(String operator, List<String> inputs, Map<String, Object> attributes) {
    String output = operator + "_" + nodes++;
    node(operator, inputs, output, attributes);
    return output;
  }

  /** A node whose output is called as given. */
  public void node(
      String operator, List<String> inputs, String output, Map<String, Object> attributes) {
    ProtoBytes node = new ProtoBytes();
    for (String input : inputs) {
      node.text(1, input);
    }
    node.text(2, output).text(3, output + "_node").text(4, operator);
    attributes.forEach((key, value) -> node.message(5, attribute(key, value)));
    graph.message(1, node);
  }

  private static ProtoBytes attribute(String key, Object value) {
    ProtoBytes attribute = new ProtoBytes().text(1, key);
    if (value instanceof Long number) {
      return attribute.number(3, number).number(20, ATTRIBUTE_INT);
    }
    if (value instanceof String text) {
      return attribute.text(4, text).number(20, ATTRIBUTE_STRING);
    }
    if (value instanceof long[] numbers) {
      for (long number : numbers) {
        attribute.number(8, number);
      }
      return attribute.number(20, ATTRIBUTE_INTS);
    }
    throw new IllegalArgumentException("Attribute " + key + " of kind " + value.getClass());
  }

  /** A further input, before the one that {@link #toBytes} names. */
  public String input(String inputName, long[] shape) {
    graph.message(11, value(inputName, shape));
    return inputName;
  }

  /**
   * The whole file.
   *
   * @param inputShape sizes of the input, -1 where any will do; likewise the output's
   */
  public byte[] toBytes(String input, long[] inputShape, String output, long[] outputShape) {
    graph.text(2, name);
    graph.message(11, value(input, inputShape));
    graph.message(12, value(output, outputShape));
    ProtoBytes model =
        new ProtoBytes()
            .number(1, IR_VERSION)
            .text(2, "parallax")
            .message(7, graph)
            .message(8, new ProtoBytes().text(1, "").number(2, OPERATOR_SET));
    notes.forEach((key, text) -> model.message(14, new ProtoBytes().text(1, key).text(2, text)));
    return model.toByteArray();
  }

  private static ProtoBytes value(String valueName, long[] shape) {
    ProtoBytes dimensions = new ProtoBytes();
    for (int i = 0; i < shape.length; i++) {
      dimensions.message(
          1,
          shape[i] < 0
              ? new ProtoBytes().text(2, valueName + "_" + i)
              : new ProtoBytes().number(1, shape[i]));
    }
    ProtoBytes tensor = new ProtoBytes().number(1, FLOAT).message(2, dimensions);
    return new ProtoBytes().text(1, valueName).message(2, new ProtoBytes().message(1, tensor));
  }
}
