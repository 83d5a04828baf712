package dev.parallax.nodes.fleet;

import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Results of a camera that drives at a wall, as two groups of nodes might see it. The wall is as
 * far as the camera's start is from it, less the way so far.
 */
public final class SeenFrames {
  private static final PinholeCamera CAMERA = new PinholeCamera(40, 30, 40, 40, 19.5, 14.5);
  private static final double STEP_M = 0.05;
  private static final double WALL_M = 20;

  private SeenFrames() {}

  /** What everybody should see. */
  public static SeenFrame right(String namespace, String camera, long sequence) {
    return seen(namespace, camera, sequence, ScaleSource.CAMERA_HEIGHT, 1, 1);
  }

  /**
   * @param way times the true way
   * @param depth times the true depth
   */
  public static SeenFrame seen(
      String namespace, String camera, long sequence, ScaleSource scale, double way, double depth) {
    double x = STEP_M * sequence;
    float[] depthM = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(depthM, (float) (depth * (WALL_M - x)));
    Arrays.fill(depthM, 0, 3 * CAMERA.width(), Float.NaN);
    // Optical z looks along odom's x.
    Se3 T_odom_cam =
        Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[] {way * x, 0, 1});
    return seen(
        namespace,
        result(camera, sequence, "PUBLISHED", T_odom_cam, scale.label()),
        new SeenFrame.Depth(CAMERA, depthM));
  }

  public static SeenFrame lost(String namespace, String camera, long sequence) {
    return seen(namespace, result(camera, sequence, "LOST", null, ""), null);
  }

  private static SeenFrame seen(
      String namespace, ProtoResults.Result result, SeenFrame.@Nullable Depth depth) {
    return new SeenFrame(namespace, "monday", "abcd", result, depth);
  }

  private static ProtoResults.Result result(
      String camera, long sequence, String outcome, @Nullable Se3 T_odom_cam, String scale) {
    return new ProtoResults.Result(
        camera,
        sequence,
        new Timestamp(1_000_000_000L + 100_000_000L * sequence),
        outcome,
        outcome.equals("LOST") ? "LOST" : "",
        outcome.equals("LOST") ? "the picture is dark" : "",
        T_odom_cam,
        scale,
        new ProtoResults.Origin("node-1", 0, sequence, 0, 20));
  }
}
