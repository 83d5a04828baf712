package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;

/**
 * An estimated pose and the true one of (nearly) the same time.
 *
 * @param frameIndex which input picture the estimate belongs to; -1 where the pictures' stamps are
 *     not known
 * @param T_odom_cam the estimate, in its own world and unit of length
 * @param T_world_cam the truth, metres
 */
public record PosePair(int frameIndex, Timestamp stamp, Se3 T_odom_cam, Se3 T_world_cam) {}
