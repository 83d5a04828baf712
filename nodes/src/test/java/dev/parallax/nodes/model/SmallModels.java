package dev.parallax.nodes.model;

import dev.parallax.sim.training.OnnxGraph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Networks small enough to be written by hand. */
public final class SmallModels {
  static final int WIDTH = 64;
  static final int HEIGHT = 48;

  private SmallModels() {}

  /** What a picture's rows are answered with, whatever they show. */
  public interface Row {
    float value(int row);
  }

  /** The lower, the nearer: right in most rooms. */
  static float nearerBelow(int row) {
    return 1 + row;
  }

  /** An ONNX network of a fixed input size that answers by row. */
  public static byte[] onnx(Row row, String... operators) {
    OnnxGraph graph = new OnnxGraph("rows");
    float[] values = new float[WIDTH * HEIGHT];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.value(i / WIDTH);
    }
    String rows = graph.weights("rows", new long[] {1, 1, HEIGHT, WIDTH}, values);
    String zero = graph.weights("zero", new long[] {1}, new float[] {0});
    String grey =
        graph.node("ReduceMean", List.of("x"), Map.of("axes", new long[] {1}, "keepdims", 1L));
    String nothing = graph.node("Mul", List.of(grey, zero), Map.of());
    String last = graph.node("Add", List.of(nothing, rows), Map.of());
    for (String operator : operators) {
      last = graph.node(operator, List.of(last), Map.of());
    }
    graph.node("Identity", List.of(last), "y", Map.of());
    return graph.toBytes(
        "x", new long[] {1, 3, HEIGHT, WIDTH}, "y", new long[] {1, 1, HEIGHT, WIDTH});
  }

  /**
   * A flow network of two grey pictures: one motion for all, by one least-squares step on their
   * gradients (Lucas and Kanade 1981). Finds motions of about a pixel.
   *
   * @param first what the picture that flow starts from is called; the other likewise
   * @param operators applied to the answer
   */
  public static byte[] onnxFlow(String first, String second, String... operators) {
    OnnxGraph graph = new OnnxGraph("one motion");
    long[] grey = {1, 1, HEIGHT, WIDTH};
    graph.input("a", grey);
    Map<String, Object> none = Map.of();
    String gx = convolution(graph, first, "dx", 0, 0, 0, -0.5f, 0, 0.5f, 0, 0, 0);
    String gy = convolution(graph, first, "dy", 0, -0.5f, 0, 0, 0, 0, 0, 0.5f, 0);
    String difference = graph.node("Sub", List.of(second, first), none);
    String gt = convolution(graph, difference, "dt", 0, 0, 0, 0, 1, 0, 0, 0, 0);
    String xx = meanProduct(graph, gx, gx);
    String xy = meanProduct(graph, gx, gy);
    String yy = meanProduct(graph, gy, gy);
    String xt = meanProduct(graph, gx, gt);
    String yt = meanProduct(graph, gy, gt);
    String tiny = graph.weights("tiny", new long[] {1}, new float[] {1e-9f});
    String determinant = graph.node("Add", List.of(difference(graph, xx, yy, xy, xy), tiny), none);
    String u = graph.node("Div", List.of(difference(graph, xy, yt, yy, xt), determinant), none);
    String v = graph.node("Div", List.of(difference(graph, xy, xt, xx, yt), determinant), none);
    String both = graph.node("Concat", List.of(u, v), Map.of("axis", 1L));
    String zeros =
        graph.weights("zeros", new long[] {1, 2, HEIGHT, WIDTH}, new float[2 * HEIGHT * WIDTH]);
    String last = graph.node("Add", List.of(both, zeros), none);
    for (String operator : operators) {
      last = graph.node(operator, List.of(last), none);
    }
    graph.node("Identity", List.of(last), "y", none);
    return graph.toBytes("b", grey, "y", new long[] {1, 2, HEIGHT, WIDTH});
  }

  private static String convolution(OnnxGraph graph, String of, String name, float... weights) {
    graph.weights(name, new long[] {1, 1, 3, 3}, weights);
    return graph.node("Conv", List.of(of, name), Map.of());
  }

  private static String meanProduct(OnnxGraph graph, String a, String b) {
    String product = graph.node("Mul", List.of(a, b), Map.of());
    return graph.node(
        "ReduceMean", List.of(product), Map.of("axes", new long[] {2, 3}, "keepdims", 1L));
  }

  /** {@code a b - c d}. */
  private static String difference(OnnxGraph graph, String a, String b, String c, String d) {
    String ab = graph.node("Mul", List.of(a, b), Map.of());
    String cd = graph.node("Mul", List.of(c, d), Map.of());
    return graph.node("Sub", List.of(ab, cd), Map.of());
  }

  /** A description of a flow network beside it in a folder. */
  public static Path describedFlow(Path folder, String file, byte[] model) throws IOException {
    Files.write(folder.resolve(file), model);
    Path yaml = folder.resolve(file + ".yaml");
    Files.writeString(
        yaml,
        """
        file: %s
        output: flow
        width: %d
        height: %d
        colours: grey
        mean: [0.5]
        std: [0.5]
        licence: our own
        """
            .formatted(file, WIDTH, HEIGHT));
    return yaml;
  }

  /** TorchScript that answers with the row's number, plus one, whatever the picture shows. */
  static byte[] torchScript() throws IOException {
    return torchScript("torch.add(torch.mul(grey, 0), 1)");
  }

  /** The same with another expression where there are ones. */
  static byte[] torchScript(String ones) throws IOException {
    String code =
        """
        class Rows(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Rows,
            x: Tensor) -> Tensor:
            grey = torch.mean(x, [1], True)
            ones = %s
            return torch.cumsum(ones, 2)
        """
            .formatted(ones);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      entry(zip, "rows/data.pkl", pickledModule());
      entry(zip, "rows/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      entry(zip, "rows/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      entry(zip, "rows/version", "3\n".getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /** {@code Rows} with {@code training = False}, in Python's pickle protocol 2. */
  private static byte[] pickledModule() throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write("c__torch__\nRows\n".getBytes(StandardCharsets.UTF_8));
    pickle.write(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    pickle.write("training".getBytes(StandardCharsets.UTF_8));
    pickle.write(new byte[] {'q', 1, (byte) 0x89, 'u', 'b', 'q', 2, '.'});
    return pickle.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, byte[] data) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(data.length);
    CRC32 crc = new CRC32();
    crc.update(data);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(data);
    zip.closeEntry();
  }

  /** A description beside a file in a folder. */
  public static Path described(Path folder, String file, byte[] model, String output)
      throws IOException {
    Files.write(folder.resolve(file), model);
    Path yaml = folder.resolve(file + ".yaml");
    Files.writeString(
        yaml,
        """
        file: %s
        output: %s
        width: %d
        height: %d
        colours: rgb
        mean: [0.485, 0.456, 0.406]
        std: [0.229, 0.224, 0.225]
        licence: our own
        """
            .formatted(file, output, WIDTH, HEIGHT));
    return yaml;
  }
}
