package dev.parallax.perception.pipeline;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DeviceBuffer;
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
 * on, flow on the host and the unit of length. Works on what is published: before the map takes in
 * its frame on what only seems to rest, after it on bodies. Agent thread only.
 */
final class MovingBodies {
  private final PerceptionKernels kernels;
  private final DepthGrid grid;
  private final DepthFilter depthFilter;
  private final boolean isDepthMeasured;
  private final GroundWatch ground;
  private final MoverTracker tracker;
  private final float[] backward; // [h w 2] current to previous, grid pixels
  private double unitFactor;

  MovingBodies(
      PerceptionKernels kernels, DepthGrid grid, DepthFilter depthFilter, boolean isDepthMeasured) {
    this.kernels = kernels;
    this.grid = grid;
    this.depthFilter = depthFilter;
    this.isDepthMeasured = isDepthMeasured;
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

  /**
   * Goes on to a picture. What lies beneath the ground there moves with the camera, so that its
   * depth and its rest are not believed.
   *
   * @param depthM {@code [h w]} what is published, on the device, as is {@code stdM}
   * @param labels {@code [h w]} U8 what moves
   */
  void advance(Se3 T_cur_prev, DeviceBuffer depthM, DeviceBuffer stdM, DeviceBuffer labels) {
    settleUnit();
    ground.carry(T_cur_prev);
    if (isDepthMeasured) {
      return; // what moves along is seen at its depth, and stairs that go down are there
    }
    ground
        .ground()
        .ifPresent(
            plane ->
                kernels
                    .depth()
                    .leaveOutBeneath(
                        grid, plane.surelyBeneath(), depthFilter.current(), depthM, stdM, labels));
  }

  /** Asks for the flow of a picture; it must be here before {@link #follow}. */
  void ask(OpticalFlow.Frame flow) {
    kernels.fetch(flow.backward(), backward);
  }

  /**
   * Writes what is known of the moving bodies into what is published of the picture gone on to.
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
    ground.look(depth, motion.mask());
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
