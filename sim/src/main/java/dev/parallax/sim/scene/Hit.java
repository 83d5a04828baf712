package dev.parallax.sim.scene;

import org.jspecify.annotations.Nullable;

/** Where a ray ended: scratch of one thread, overwritten for each ray. */
final class Hit {
  /** The body met; null for the sky. */
  @Nullable BodyView view;

  /** Distance along the unit ray, metres; +Inf for the sky. */
  double rangeM;

  /** The point in the body's frame. */
  double x;

  double y;
  double z;

  final SurfacePoint surface = new SurfacePoint();
}
