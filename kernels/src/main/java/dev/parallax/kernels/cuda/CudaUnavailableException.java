package dev.parallax.kernels.cuda;

/** Why no GPU can be used on this machine, in words for its owner. */
public final class CudaUnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  public CudaUnavailableException(String reason) {
    super(reason);
  }
}
