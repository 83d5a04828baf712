package dev.parallax.perception.frame;

/**
 * Where a camera session stands.
 *
 * <pre>
 *   INITIALIZING --(depth from parallax or a sensor)--> TRACKING
 *   TRACKING --(turned until nothing of known depth is in view)--> INITIALIZING
 *   TRACKING --(pose not reliable)--> LOST
 *   LOST --(pose reliable again against the last keyframe)--> TRACKING
 *   LOST --(given up: new odom segment)--> INITIALIZING
 * </pre>
 */
public enum TrackingState {
  INITIALIZING,
  TRACKING,
  LOST;

  /** Whether the diagram above has an edge from this state to {@code next}, or they are equal. */
  public boolean mayBecome(TrackingState next) {
    return switch (this) {
      case INITIALIZING -> next != LOST;
      case TRACKING, LOST -> true;
    };
  }
}
