package dev.parallax.perception.frame;

/** What about a camera's motion or view leaves something open that a pose or depth needs. */
public enum Degeneracy {
  /** The camera does not move: the pose is held to the bit and no depth is learnt. */
  STANDING_STILL("standing still"),

  /**
   * A turn alone explains how the picture changed over the last pictures: they say nothing about
   * depth, and what newly comes into view has none.
   */
  TURNING_ON_THE_SPOT("turning on the spot"),

  /**
   * The camera moves towards, or away from, a place that it sees: hardly anything shifts around
   * that place, so that depth is not known there.
   */
  FORWARD_ALONG_VIEW("forward along the view"),

  /** Little can be followed, or only in a small part of the picture. */
  FEW_FEATURES("few features"),

  /** All that is seen lies in one plane: what stands out of it would be the only check on depth. */
  PLANE_ONLY("plane only");

  private final String label;

  Degeneracy(String label) {
    this.label = label;
  }

  /** For people. */
  public String label() {
    return label;
  }
}
