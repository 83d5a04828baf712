package dev.parallax.kernels.cuda;

import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process of its own that answers every parity case on two sessions of one GPU in turn, and says
 * a hash of each answer.
 */
final class AnswerDigests {
  private static final Shape SIZE = Shape.of(45, 67);
  private static final long SEED = 11;

  private AnswerDigests() {}

  public static void main(String[] none) throws Exception {
    try (CudaDevice device = CudaDevice.open(0);
        CudaKernels first = new CudaKernels(device, () -> new CpuKernels(1));
        CudaKernels second = new CudaKernels(device, () -> new CpuKernels(1))) {
      for (List<ParityCase> cases : List.of(ParityCases.all(), ParityCases.withoutTwin())) {
        for (ParityCase test : cases) {
          say(test, test.run(first, SIZE, SEED));
          say(test, test.run(second, SIZE, SEED + 1));
        }
      }
    }
  }

  private static void say(ParityCase test, Map<String, float[]> answers) {
    new TreeMap<>(answers)
        .forEach(
            (output, values) ->
                System.out.printf("%s, %s: %08x%n", test, output, Arrays.hashCode(values)));
  }
}
