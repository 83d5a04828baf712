package dev.parallax.nodes.kafka;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.SessionState;
import dev.parallax.perception.pipeline.StageTimings;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Answers at once with fields of a given size and of a real field's entropy, so that what is
 * measured around it is not its own work. Each frame lies a given step ahead of the one before.
 */
final class CannedPipeline implements PerceptionPipeline {
  private final PinholeCamera camera;
  private final double stepM;
  private final DepthMap depth;
  private final SceneFlowField flow;
  private final MovingMask mask;
  private int frames;

  CannedPipeline(int width, int height) {
    this(width, height, 0.01, 1);
  }

  /**
   * @param stepM how far the camera comes from frame to frame, along its view
   * @param depthFactor all depths times this
   */
  CannedPipeline(int width, int height, double stepM, double depthFactor) {
    this.stepM = stepM;
    camera = new PinholeCamera(width, height, width, width, (width - 1) / 2.0, (height - 1) / 2.0);
    Random random = new Random(6);
    float[] depthM = new float[width * height];
    float[] stdM = new float[width * height];
    for (int i = 0; i < depthM.length; i++) {
      depthM[i] = (float) (depthFactor * (2 + 1e-3 * (i / width) + 1e-4 * random.nextDouble()));
      stdM[i] = 0.05f * depthM[i];
    }
    depth = new DepthMap(width, height, depthM, stdM);
    flow = new SceneFlowField(width, height, new float[3 * width * height]);
    byte[] labels = new byte[width * height];
    Arrays.fill(labels, (byte) 0);
    mask = new MovingMask(width, height, labels);
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    Se3 T_odom_cam = Se3.ofTranslation(0, 0, stepM * frames++);
    return new Estimated(
        frame.id(),
        frame.stamp(),
        camera,
        camera,
        new Picture(8, 6, Picture.Format.MONO8, new byte[48]),
        new PoseEstimate(
            frame.stamp(),
            T_odom_cam,
            new double[36],
            0.9,
            TrackingState.TRACKING,
            ScaleSource.RELATIVE),
        depth,
        flow,
        mask,
        new OccupancyDelta(0.1, new long[0], new byte[0][]),
        new StageTimings(Map.of(StageTimings.Stage.TOTAL, 1_000_000L)));
  }

  @Override
  public Optional<SessionState> snapshot() {
    return Optional.empty();
  }

  @Override
  public void resume(SessionState state) {
    frames = (int) Math.round(state.T_odom_cam().tz() / stepM);
  }

  @Override
  public void restoreMap(OccupancyDelta whole) {}

  @Override
  public void close() {}
}
