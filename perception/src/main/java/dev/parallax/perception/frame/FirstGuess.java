package dev.parallax.perception.frame;

/** Where the search for a frame's pose began. */
public enum FirstGuess {
  /** At the closed-form rigid fit of scene flow. */
  SCENE_FLOW_FIT,
  /** At the motion of the frame before: the fit was degenerate or explained the picture worse. */
  CONSTANT_MOTION,
  /** At the turn that a gyroscope measured, with the step of the frame before. */
  GYRO_TURN,
  /** At the pose of the frame before. */
  REST,
  /** At a step tried blindly along an axis of the camera, before any depth was known. */
  BLIND_STEP,
  /** There was no search: the first frame, a camera held at rest. */
  NONE
}
