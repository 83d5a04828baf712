package dev.parallax.kernels;

/**
 * An array in the memory of the device that the kernels run on; host memory for the CPU.
 *
 * <p>Owned by the {@link BufferScope} that made it and invalid once that scope closes. Contents are
 * reached only through {@link PerceptionKernels#upload} and {@link PerceptionKernels#download}, so
 * that code above this seam runs unchanged on a GPU. A fresh buffer's contents are undefined.
 */
public interface DeviceBuffer {
  Shape shape();

  ElementType type();
}
