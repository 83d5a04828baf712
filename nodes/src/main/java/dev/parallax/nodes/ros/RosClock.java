package dev.parallax.nodes.ros;

import dev.parallax.perception.frame.Timestamp;

/**
 * The time of a ROS graph: the wall clock, or {@code /clock} where {@code /use_sim_time} is set.
 */
public interface RosClock {
  /** Now; 0 while time is simulated and has not begun. */
  Timestamp now();

  /** Whether time comes from {@code /clock}. */
  boolean isSimulated();

  /** Told when simulated time goes back, as at the end of a recording that loops. */
  void onJumpBack(Runnable listener);
}
