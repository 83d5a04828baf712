package dev.parallax.kernels.cuda;

import java.util.Set;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** A call of the CUDA driver that failed: what was asked, on what, and what the driver answered. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** After these the driver answers every call with the same: only a new process helps. */
  private static final Set<Integer> LOST =
      Set.of(
          CUresult.CUDA_ERROR_DEINITIALIZED,
          CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
          CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
          CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED,
          CUresult.CUDA_ERROR_ASSERT,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION,
          CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
          CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE,
          CUresult.CUDA_ERROR_INVALID_PC,
          CUresult.CUDA_ERROR_LAUNCH_FAILED,
          CUresult.CUDA_ERROR_UNKNOWN);

  private final int code;

  private CudaException(String message, int code) {
    super(message);
    this.code = code;
  }

  /**
   * @param call the driver's function
   * @param subject what it was called for: a kernel and its shape, a size
   * @throws CudaException if the result is an error
   */
  static void check(int result, String call, Object subject) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new CudaException("%s of %s: %s".formatted(call, subject, words(result)), result);
    }
  }

  /** A result's name, number and meaning. */
  static String words(int result) {
    String[] name = new String[1];
    String[] text = new String[1];
    JCudaDriver.cuGetErrorName(result, name);
    JCudaDriver.cuGetErrorString(result, text);
    return "%s (%d), %s".formatted(name[0], result, text[0]);
  }

  /** The driver's result code. */
  public int code() {
    return code;
  }

  /** Whether the GPU's context is broken, so that nothing more can be done in this process. */
  public boolean isContextLost() {
    return LOST.contains(code);
  }

  /** Whether the GPU's memory did not suffice. */
  public boolean isOutOfMemory() {
    return code == CUresult.CUDA_ERROR_OUT_OF_MEMORY;
  }
}
