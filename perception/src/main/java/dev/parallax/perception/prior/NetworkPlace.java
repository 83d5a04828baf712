package dev.parallax.perception.prior;

import java.util.OptionalInt;

/**
 * Where a network is to run.
 *
 * @param threads that work on the CPU
 * @param gpu the driver's number of the GPU that is tried first; empty for the CPU alone
 */
public record NetworkPlace(int threads, OptionalInt gpu) {
  public static NetworkPlace cpu(int threads) {
    return new NetworkPlace(threads, OptionalInt.empty());
  }

  /** That GPU if the network's engine can use it, else the CPU. */
  public static NetworkPlace gpu(int threads, int ordinal) {
    return new NetworkPlace(threads, OptionalInt.of(ordinal));
  }
}
