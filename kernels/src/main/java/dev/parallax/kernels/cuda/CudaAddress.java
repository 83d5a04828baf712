package dev.parallax.kernels.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose address can be read, to be written into a kernel's arguments. */
final class CudaAddress extends CUdeviceptr {
  long value() {
    return getNativePointer() + getByteOffset();
  }
}
