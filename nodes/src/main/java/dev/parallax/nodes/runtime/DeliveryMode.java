package dev.parallax.nodes.runtime;

/** What happens when a reader is slower than its writer. */
public enum DeliveryMode {
  /** The writer waits: every frame arrives, as a recording wants it. */
  LOSSLESS,
  /** The newest wins and what it overtakes is counted: a robot must act on the present. */
  LIVE
}
