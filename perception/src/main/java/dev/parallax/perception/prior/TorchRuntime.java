package dev.parallax.perception.prior;

import ai.djl.engine.Engine;

/**
 * Starts PyTorch, once a process, the way that it does not get in the way: nothing is fetched, no
 * usage is reported, and a fixed number of threads works.
 */
public final class TorchRuntime {
  private static final String OFFLINE = "ai.djl.offline";
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String OPERATOR_THREADS = "ai.djl.pytorch.num_interop_threads";

  private TorchRuntime() {}

  /**
   * The engine. The first caller decides the number of threads; what the command line sets counts
   * more.
   *
   * @throws PriorException if its native libraries cannot be loaded
   */
  public static Engine start(int threads) throws PriorException {
    setUnlessGiven(OFFLINE, "true");
    setUnlessGiven(THREADS, Integer.toString(threads));
    setUnlessGiven(OPERATOR_THREADS, "1");
    try {
      return Engine.getEngine("PyTorch");
    } catch (RuntimeException | LinkageError e) {
      throw new PriorException(
          "PyTorch cannot be started (%s); it needs Linux on x86-64 and about 500 MB of room in ~/.djl.ai, or in the folder that DJL_CACHE_DIR names"
              .formatted(e.getMessage()),
          e);
    }
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
