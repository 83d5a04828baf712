package dev.parallax.kernels;

/**
 * The temporal depth filter and scene flow, per grid pixel. Motions are {@code [12]} row-major 3x4:
 * {@code T_a_b} maps points of frame b to frame a. Inverse depth is along the optical z axis, one
 * per unit of length; NaN means unknown.
 */
public interface DepthKernels {
  /** Every so manieth grid pixel, either way, is a sample of {@link #patchDoubt}. */
  int PATCH_SPACING = 2;

  /** How many samples of {@link #patchDoubt} there are along so many grid pixels. */
  static int patchSamples(int gridPixels) {
    return (gridPixels + PATCH_SPACING - 1) / PATCH_SPACING;
  }

  /**
   * What is believed of each grid pixel.
   *
   * @param inverseDepth {@code [h w]} F32
   * @param variance {@code [h w]} F32 variance of the inverse depth
   * @param motion {@code [h w]} F32 evidence in 0..1 that the point moves by itself
   */
  record Estimate(DeviceBuffer inverseDepth, DeviceBuffer variance, DeviceBuffer motion) {}

  /**
   * How a flow measures.
   *
   * @param flowStdPx noise of flow on the best texture, one standard deviation
   * @param maxInconsistencyPx flow that closes worse than this is not used, picture pixels
   * @param gate squared Mahalanobis distance over which a measurement contradicts the belief
   */
  record MeasurementRules(double flowStdPx, double maxInconsistencyPx, double gate) {}

  /**
   * How a belief is published.
   *
   * @param maxRelativeStd pixels less sure than this share of their depth are NaN
   * @param noiseFactor what the belief's std is multiplied by: how much larger flow's error is than
   *     its texture promises
   * @param reach grid pixels that flow's patches take in to either side. The depth may be that of
   *     any surface there; nothing that lies within a range has a std over half of it (Popoviciu
   *     1935), and 0.35 of it are added
   */
  record PublishRules(double maxRelativeStd, double noiseFactor, int reach) {
    public PublishRules {
      if (!(maxRelativeStd > 0 && noiseFactor > 0 && reach >= 0)) {
        throw new IllegalArgumentException(
            "Rules for publishing must be positive, got %s, %s and %d"
                .formatted(maxRelativeStd, noiseFactor, reach));
      }
    }
  }

  /**
   * How sure flow from a picture can be, given its texture.
   *
   * @param grey {@code [H W 1]} U8 the picture the flow starts from
   * @param flowStdPx noise on the best texture
   * @param covariance {@code [h w 3]} F32 receives (uu, uv, vv), squared picture pixels
   */
  void flowNoise(DepthGrid grid, DeviceBuffer grey, double flowStdPx, DeviceBuffer covariance);

  /** Forgets everything: NaN inverse depth, no motion. */
  void clear(Estimate estimate);

  /**
   * Moves the previous belief into the current picture: static points by the camera's motion,
   * moving ones along the flow; the nearest surface wins where several arrive; one-pixel holes are
   * closed from their neighbours.
   *
   * @param forwardFlow {@code [h w 2]} previous to current, grid pixels
   * @param T_cur_prev the camera's motion
   * @param relativeNoise what one frame adds to the relative standard deviation of depth
   */
  void carry(
      DepthGrid grid,
      Estimate previous,
      DeviceBuffer forwardFlow,
      double[] T_cur_prev,
      double relativeNoise,
      Estimate current);

  /**
   * Measures inverse depth by triangulation along a flow and fuses it into the belief.
   *
   * @param flow {@code [h w 2]} current to reference, grid pixels
   * @param inconsistency {@code [h w]} how badly the flow closes, grid pixels
   * @param covariance from {@link #flowNoise}
   * @param T_ref_cur motion from the current to the reference camera
   * @param across {@code [h w]} F32 receives flow's error across the epipolar line, which no depth
   *     explains, over what its texture promises (one std); NaN where nothing was measured or
   *     parallax is under 2 pixels
   */
  void fuseTriangulated(
      DepthGrid grid,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_ref_cur,
      MeasurementRules rules,
      Estimate estimate,
      DeviceBuffer across);

  /**
   * Fuses a depth known from elsewhere.
   *
   * @param depth {@code [h w]} NaN where there is none
   * @param std {@code [h w]} one standard deviation
   */
  void fuseDepth(DeviceBuffer depth, DeviceBuffer std, double gate, Estimate estimate);

  /**
   * The flow that the camera's motion does not explain. Call between {@link MotionKernels#judge}
   * and {@link #fuseTriangulated}: the depth must not have seen this flow.
   *
   * @param flow {@code [h w 2]} current to previous, grid pixels
   * @param residual {@code [h w 3]} F32 receives (du, dv), picture pixels, and its squared
   *     Mahalanobis distance, at most the gate where the point was judged to rest; NaN where the
   *     flow does not close or depth is unknown
   */
  void residualFlow(
      DepthGrid grid,
      DeviceBuffer flow,
      DeviceBuffer inconsistency,
      DeviceBuffer covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      Estimate estimate,
      DeviceBuffer residual);

  /**
   * Velocity of each point with the camera's motion removed.
   *
   * @param flow {@code [h w 2]} current to previous, grid pixels
   * @param residual from {@link #residualFlow}
   * @param velocity {@code [h w 3]} F32 receives units of length per second, axes of the current
   *     camera; shrunk to zero where the residual is no larger than its noise, and along the view
   *     by how unsure both depths are
   * @param labels {@code [h w]} U8 receives 255 moving, 0 static, 127 unknown
   */
  void sceneFlow(
      DepthGrid grid,
      DeviceBuffer flow,
      DeviceBuffer residual,
      Estimate previous,
      Estimate current,
      double[] T_cur_prev,
      double intervalS,
      DeviceBuffer velocity,
      DeviceBuffer labels);

  /**
   * What the pictures say against the depth that is believed: how much the patch around a pixel
   * differs from the one that its depth leads to in a reference picture, over how much the
   * reference's grey changes along the epipolar line for each share of the inverse depth. Grey is
   * smoothed by (1 2 1)/4; mean and exposure of the patches may differ. A sample tells for all the
   * grid pixels up to the next.
   *
   * @param grey {@code [H W 1]} U8; likewise {@code referenceGrey}
   * @param T_ref_cur motion from the current to the reference camera
   * @param reach samples, {@link #PATCH_SPACING} grid pixels apart, that a patch takes in to either
   *     side
   * @param doubt {@code [h w]} F32 receives a relative std of depth, not calibrated; 0 where
   *     nothing can be compared
   */
  void patchDoubt(
      DepthGrid grid,
      DeviceBuffer grey,
      DeviceBuffer referenceGrey,
      double[] T_ref_cur,
      int reach,
      Estimate estimate,
      DeviceBuffer doubt);

  /**
   * Depth and its standard deviation for publishing, {@code [h w]}.
   *
   * @param doubt of {@link #patchDoubt}, 0 where there is none; 0.7 of it are added
   */
  void publish(
      Estimate estimate,
      PublishRules rules,
      DeviceBuffer doubt,
      DeviceBuffer depth,
      DeviceBuffer std);

  /**
   * Leaves out what lies beneath the ground: what moves along with the camera looks infinitely far,
   * and where the ground would hide it, it cannot be there. A point is beneath if it is farther
   * than the ground by more than two std; its depth becomes NaN, and it is no longer static but
   * undecided.
   *
   * @param ground {@code [3]} inverse depth of the ground per unit of x/z, of y/z, and on the
   *     optical axis
   * @param depth {@code [h w]} from {@link #publish}, as is {@code std}
   * @param labels {@code [h w]} U8 from {@link #sceneFlow}
   */
  void leaveOutBeneath(
      DepthGrid grid,
      float[] ground,
      Estimate estimate,
      DeviceBuffer depth,
      DeviceBuffer std,
      DeviceBuffer labels);

  /** Multiplies all depths by a factor, for a change of the unit of length. */
  void rescale(Estimate estimate, double factor);
}
