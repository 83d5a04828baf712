package dev.parallax.sim.scene;

import java.util.List;

/**
 * A world to be looked at: bodies, some of them moving, under a light. World axes: x and y level, z
 * up, metres. Immutable.
 */
public final class Scene {
  private final List<Body> bodies;
  private final Lighting lighting;

  Scene(List<Body> bodies, Lighting lighting) {
    this.bodies = List.copyOf(bodies);
    this.lighting = lighting;
  }

  List<Body> bodies() {
    return bodies;
  }

  Lighting lighting() {
    return lighting;
  }

  /** How many rigid pieces the scene is made of. */
  public int bodyCount() {
    return bodies.size();
  }

  /** How many of them move. */
  public int movingBodyCount() {
    return (int) bodies.stream().filter(body -> !body.isStill()).count();
  }
}
