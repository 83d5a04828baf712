package dev.parallax.perception.frame;

/** What about a camera's motion or view leaves something open that a pose or depth needs. */
public enum Degeneracy {
  /** The camera does not move: the pose is held to the bit and no depth is learnt. */
  STANDING_STILL("standing still");

  private final String label;

  Degeneracy(String label) {
    this.label = label;
  }

  /** For people. */
  public String label() {
    return label;
  }
}
