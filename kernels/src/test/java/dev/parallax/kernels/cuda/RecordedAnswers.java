package dev.parallax.kernels.cuda;

import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Answers of the CPU's kernels (and, for what they do not have, of the shim) to all parity cases,
 * in a file: so that a GPU machine without OpenCV can be held against them.
 */
final class RecordedAnswers {
  static final long SEED = 20260101;
  static final List<Shape> SIZES = List.of(Shape.of(45, 67), Shape.of(97, 130), Shape.of(240, 320));

  private RecordedAnswers() {}

  static String key(ParityCase test, Shape size, String output) {
    return "%s at %s: %s".formatted(test, size, output);
  }

  /** Writes the answers; run where the CPU's kernels run. */
  public static void main(String[] file) throws Exception {
    ShimDriver.load();
    try (CudaDevice device = CudaDevice.open(0);
        CpuKernels cpu = new CpuKernels();
        CudaKernels shim = new CudaKernels(device, CpuKernels::new);
        DataOutputStream out =
            new DataOutputStream(
                new BufferedOutputStream(
                    new GZIPOutputStream(Files.newOutputStream(Path.of(file[0])))))) {
      for (Shape size : SIZES) {
        for (ParityCase test : ParityCases.all()) {
          write(out, test, size, cpu);
        }
        for (ParityCase test : ParityCases.withoutTwin()) {
          write(out, test, size, shim);
        }
      }
    }
  }

  private static void write(
      DataOutputStream out, ParityCase test, Shape size, PerceptionKernels kernels)
      throws IOException {
    for (Map.Entry<String, float[]> answer : test.run(kernels, size, SEED).entrySet()) {
      out.writeUTF(key(test, size, answer.getKey()));
      RecordedAnswer.of(answer.getValue()).write(out);
    }
  }

  static Map<String, RecordedAnswer> read(Path file) throws IOException {
    Map<String, RecordedAnswer> answers = new HashMap<>();
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
      while (true) {
        answers.put(in.readUTF(), RecordedAnswer.read(in));
      }
    } catch (EOFException e) {
      return answers;
    }
  }
}
