package dev.parallax.kernels.cuda;

import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * What {@code launch/gpu-check} runs on a GPU machine, without OpenCV: {@code parity FILE [small]}
 * holds the kernels against recorded answers, {@code flow FILE} holds dense flow against the truth
 * beside OpenCV's, {@code bench} times the kernels.
 */
final class GpuCheck {
  private GpuCheck() {}

  public static void main(String[] arguments) throws Exception {
    try (CudaDevice device = CudaDevice.open(0);
        CudaKernels kernels = new CudaKernels(device, GpuCheck::noHost)) {
      System.out.println(kernels.device());
      boolean isFine =
          switch (arguments[0]) {
            case "parity" -> parity(kernels, arguments);
            case "flow" -> flow(kernels, Path.of(arguments[1]));
            case "bench" -> {
              new KernelBench(device, kernels).run();
              yield true;
            }
            default ->
                throw new IllegalArgumentException("parity FILE [small], flow FILE or bench");
          };
      System.exit(isFine ? 0 : 1);
    } catch (CudaUnavailableException e) {
      System.out.println("no GPU: " + e.getMessage());
      System.exit(3);
    }
  }

  private static PerceptionKernels noHost() {
    throw new IllegalStateException("Nothing here needs the host's kernels");
  }

  private static boolean parity(CudaKernels kernels, String[] arguments) throws Exception {
    Map<String, RecordedAnswer> answers = RecordedAnswers.read(Path.of(arguments[1]));
    boolean isSmall = Arrays.asList(arguments).contains("small");
    List<Shape> sizes = isSmall ? RecordedAnswers.SIZES.subList(0, 1) : RecordedAnswers.SIZES;
    int compared = 0;
    int off = 0;
    for (Shape size : sizes) {
      for (List<ParityCase> cases : List.of(ParityCases.all(), ParityCases.withoutTwin())) {
        for (ParityCase test : cases) {
          for (Map.Entry<String, float[]> answer :
              test.run(kernels, size, RecordedAnswers.SEED).entrySet()) {
            String key = RecordedAnswers.key(test, size, answer.getKey());
            RecordedAnswer expected = answers.get(key);
            Optional<Mismatch> mismatch =
                expected == null
                    ? Optional.of(new Mismatch(0, 0, 0, 0, 0))
                    : expected.mismatch(test.tolerance(), answer.getValue());
            compared++;
            if (mismatch.isPresent()) {
              off++;
              System.out.printf("DIFFERS %s: %s%n", key, mismatch.get());
            }
          }
        }
      }
    }
    off += repeats(kernels) ? 0 : 1;
    System.out.printf("parity: %d answers compared, %d differ%n", compared, off);
    return off == 0 && compared > 0;
  }

  private static boolean flow(CudaKernels kernels, Path file) throws IOException {
    boolean isFine = true;
    System.out.println("| pair | end-point error here | of the CPU's kernels, OpenCV's DIS |");
    System.out.println("|---|---|---|");
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))))) {
      int pairs = in.readInt();
      for (int i = 0; i < pairs; i++) {
        FlowPair pair = FlowPair.read(in);
        double errorOfDis = in.readDouble();
        double error = pair.error(kernels);
        System.out.printf("| %s | %.3f px | %.3f px |%n", pair.name(), error, errorOfDis);
        isFine &= error <= errorOfDis;
      }
    }
    return isFine;
  }

  /** The same input again gives the same bits, whatever the GPU's scheduling. */
  private static boolean repeats(CudaKernels kernels) {
    boolean same = true;
    long seed = new Random().nextInt(1_000_000);
    for (List<ParityCase> cases : List.of(ParityCases.all(), ParityCases.withoutTwin())) {
      for (ParityCase test : cases) {
        Map<String, float[]> first = test.run(kernels, Shape.of(97, 130), seed);
        Map<String, float[]> second = test.run(kernels, Shape.of(97, 130), seed);
        for (String output : first.keySet()) {
          if (!Arrays.equals(first.get(output), second.get(output))) {
            System.out.printf("NOT REPEATED %s: %s, seed %d%n", test, output, seed);
            same = false;
          }
        }
      }
    }
    return same;
  }
}
