package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;

/** Kernels whose calls answer when their work is done, so that nothing is ever under way. */
interface SynchronousKernels extends PerceptionKernels {
  /** The host's memory is the device's. */
  @Override
  default void uploadAhead(byte[] source) {}

  @Override
  default void fetch(DeviceBuffer source, float[] target) {
    download(source, target);
  }

  @Override
  default void fetch(DeviceBuffer source, byte[] target) {
    download(source, target);
  }

  @Override
  default void finishFetches() {}

  @Override
  default boolean worksAhead() {
    return false;
  }
}
