package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/** Events that only tell what came before what: cheaper than those that tell the time. */
final class OrderEvents {
  private OrderEvents() {}

  /**
   * @param use for error messages
   * @return the caller's to destroy
   */
  static CUevent create(String use) {
    CUevent event = new CUevent();
    check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING),
        "cuEventCreate",
        use);
    return event;
  }
}
