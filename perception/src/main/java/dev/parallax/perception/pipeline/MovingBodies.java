package dev.parallax.perception.pipeline;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.depth.GroundWatch;
import dev.parallax.perception.flow.OpticalFlow;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.sceneflow.MoverTracker;
import dev.parallax.perception.sceneflow.SceneFlowEstimator;

/**
 * Brings together what is needed to follow moving bodies: their mask, the ground that they stand
 * on, flow on the host and the unit of length. Works on what is published, after the map has taken
 * in its frame. Agent thread only.
 */
final class MovingBodies {
  private final PerceptionKernels kernels;
  private final DepthFilter depthFilter;
  private final GroundWatch ground;
  private final MoverTracker tracker;
  private final float[] backward; // [h w 2] current to previous, grid pixels
  private double unitFactor;

  MovingBodies(
      PerceptionKernels kernels, DepthGrid grid, DepthFilter depthFilter, boolean isDepthMeasured) {
    this.kernels = kernels;
    this.depthFilter = depthFilter;
    ground = new GroundWatch(grid);
    tracker = new MoverTracker(grid, isDepthMeasured);
    backward = new float[2 * grid.shape().pixels()];
    unitFactor = depthFilter.unitFactor();
  }

  /** Follows no body any more: the pictures do not follow on one another. */
  void forget() {
    ground.forget();
    tracker.forget();
  }

  /** Asks for the flow of a picture; it must be here before {@link #follow}. */
  void ask(OpticalFlow.Frame flow) {
    kernels.fetch(flow.backward(), backward);
  }

  /**
   * Writes what is known of the moving bodies into what is published of a picture.
   *
   * @param picture undistorted
   * @param intervalS time since the previous picture, seconds
   */
  void follow(
      Picture picture,
      Se3 T_cur_prev,
      double intervalS,
      DepthMap depth,
      SceneFlowEstimator.Result motion) {
    settleUnit();
    ground.carry(T_cur_prev);
    if (tracker.finds(motion.mask())) {
      ground.look(depth, motion.mask());
    }
    tracker.follow(
        picture,
        backward,
        T_cur_prev,
        intervalS,
        ground.ground().orElse(null),
        motion.mask(),
        depth,
        motion.velocity());
  }

  private void settleUnit() {
    double factor = depthFilter.unitFactor() / unitFactor;
    if (factor != 1) {
      unitFactor = depthFilter.unitFactor();
      ground.rescale(factor);
      tracker.rescale(factor);
    }
  }
}
