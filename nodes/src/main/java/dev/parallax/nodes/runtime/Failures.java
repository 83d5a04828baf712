package dev.parallax.nodes.runtime;

/** What ended a thread, in a form that can be handed to the thread that started it. */
final class Failures {
  private Failures() {}

  /**
   * @param who the source or sink that failed
   */
  static RuntimeException asRuntimeException(String who, Throwable e) {
    return e instanceof RuntimeException r
        ? r
        : new IllegalStateException("%s failed: %s".formatted(who, e), e);
  }
}
