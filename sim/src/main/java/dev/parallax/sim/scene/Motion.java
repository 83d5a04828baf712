package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/** Where a body is over time. Continuous in velocity, so that its velocity is exact truth. */
@FunctionalInterface
interface Motion {
  /** Maps the body's points to the world (z up) at a time in seconds. */
  Se3 T_world_body(double timeS);

  /** A body that never moves. */
  record Still(Se3 pose) implements Motion {
    @Override
    public Se3 T_world_body(double timeS) {
      return pose;
    }
  }
}
