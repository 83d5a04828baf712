package dev.parallax.sim.training;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.prior.NetworkPicture;
import dev.parallax.sim.eval.depth.TruthSampler;

/**
 * One frame of a recording as the pipeline measured it, shrunk to what the network sees. Nothing of
 * it is true depth: it is triangulated.
 *
 * @param sample grey and inverse depth in the recording's own unit, 0 where it is not sure, not
 *     resting or not known
 * @param weight {@code [h w]} of the network's answer: how far to trust the inverse depth there
 * @param unit frames of one number share their unit of length
 * @param metric whether that unit is the metre
 */
record MeasuredView(
    Timestamp stamp,
    TrainingSample sample,
    float[] weight,
    Se3 T_odom_cam,
    int unit,
    boolean metric) {
  /** A relative std of this counts half. */
  private static final float HALF_TRUSTED = 0.05f;

  /** Triangulated depth less sure than this is left out. */
  private static final float LEAST_SURE = 0.25f;

  static MeasuredView of(Estimated frame, int unit) {
    NetworkPicture small = NetworkPicture.of(frame.rectified(), frame.camera());
    PinholeCamera camera = small.camera();
    byte[] grey = new byte[small.grey().length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) Math.round(Math.min(255, small.grey()[i]));
    }
    DepthMap sure = sure(frame.depth(), frame.movingMask());
    TruthSampler sampler = new TruthSampler(frame.depthCamera(), camera);
    float[] inverse = sampler.sample(sure.depthM());
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = inverse[i] > 0 ? 1 / inverse[i] : 0;
    }
    TrainingSample sample = new TrainingSample(camera, grey, inverse);
    float[] weight = weight(sure, sample, frame.depthCamera());
    return new MeasuredView(
        frame.stamp(),
        sample,
        weight,
        frame.pose().T_odom_cam(),
        unit,
        frame.pose().scale().isMetric());
  }

  private static DepthMap sure(DepthMap depth, MovingMask mask) {
    float[] metres = depth.depthM().clone();
    for (int i = 0; i < metres.length; i++) {
      boolean usable =
          metres[i] > 0
              && depth.stdM()[i] < LEAST_SURE * metres[i]
              && mask.labels()[i] == MovingMask.STATIC;
      metres[i] = usable ? metres[i] : Float.NaN;
    }
    return new DepthMap(depth.width(), depth.height(), metres, depth.stdM());
  }

  private static float[] weight(DepthMap sure, TrainingSample sample, PinholeCamera grid) {
    int[] nearest = new TruthSampler(grid, answerCamera(sample.camera())).nearestPixels();
    float[] weight = new float[nearest.length];
    for (int i = 0; i < weight.length; i++) {
      float depth = nearest[i] < 0 ? Float.NaN : sure.depthM()[nearest[i]];
      float std = nearest[i] < 0 ? Float.NaN : sure.stdM()[nearest[i]] / depth;
      boolean known = std >= 0 && sample.inverseDepth()[sample.answered(i)] > 0;
      weight[i] = known ? HALF_TRUSTED / (HALF_TRUSTED + std) : 0;
    }
    return weight;
  }

  /** The camera of what the network answers to pictures of a camera. */
  static PinholeCamera answerCamera(PinholeCamera camera) {
    return camera.reducedBy(2);
  }

  /** Share of the answer's pixels that have a depth to learn from. */
  double share() {
    int known = 0;
    for (float value : weight) {
      known += value > 0 ? 1 : 0;
    }
    return (double) known / weight.length;
  }
}
