package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.PinholeCamera;

/**
 * One grey picture with its exact depth.
 *
 * @param grey8 {@code [height width]} grey levels as bytes
 * @param depthM {@code [height width]} metres along z, +Inf for sky
 */
public record TrainingView(WorldKind kind, PinholeCamera camera, byte[] grey8, float[] depthM) {}
