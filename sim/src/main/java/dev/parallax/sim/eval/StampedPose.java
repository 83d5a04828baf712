package dev.parallax.sim.eval;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;

/** A camera pose at a time; {@code T_world_cam} maps optical-frame points to a fixed world. */
public record StampedPose(Timestamp stamp, Se3 T_world_cam) {}
