package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.util.Map;
import java.util.Random;

/**
 * One operation of the kernels with random input, to be answered alike on every device.
 *
 * @param name what is done
 * @param tolerance how far answers may differ, and why
 * @param operation makes input, does the work, and returns what came out by name
 */
record ParityCase(String name, Tolerance tolerance, Operation operation) {
  /** Does the work on some kernels; input may depend on the size and the random numbers alone. */
  @FunctionalInterface
  interface Operation {
    Map<String, float[]> run(
        PerceptionKernels kernels, BufferScope scope, Shape size, Random random);
  }

  /**
   * @param absolute largest difference of a value
   * @param relative the same, as a share of the reference
   * @param outlierShare how many values may differ by more
   * @param reason why not nothing
   */
  record Tolerance(double absolute, double relative, double outlierShare, String reason) {
    static final Tolerance NONE = new Tolerance(0, 0, 0, "the same operations in the same order");

    boolean accepts(float expected, float actual) {
      if (Float.isNaN(expected) || Float.isNaN(actual)) {
        return Float.isNaN(expected) && Float.isNaN(actual);
      }
      return expected == actual
          || Math.abs((double) expected - actual) <= absolute + relative * Math.abs(expected);
    }
  }

  /** Runs the operation on fresh input of this seed. */
  Map<String, float[]> run(PerceptionKernels kernels, Shape size, long seed) {
    try (BufferScope scope = kernels.openScope()) {
      return operation.run(kernels, scope, size, new Random(seed));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
