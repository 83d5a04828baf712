package dev.parallax.nodes.web;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.StageTimings;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Outcomes as a pipeline would give them for a drive in a circle through an empty hall, 10 x 8 x 3
 * m, in which one ball of 0.5 m radius rolls along; depth and motion are exact, with a hole where
 * nothing is known.
 */
final class SyntheticDrive {
  static final double FRAMES_PER_SECOND = 20;
  private static final double[] LOW = {-5, -4, -1};
  private static final double[] HIGH = {5, 4, 2};
  private static final double BALL_RADIUS_M = 0.5;
  private static final double BALL_SPEED_MPS = 0.8;
  private static final int HOLE = 24;
  private static final double VOXEL_M = 0.1;
  private static final double BLOCK_M = 8 * VOXEL_M;

  private final PinholeCamera camera;
  private final ScaleSource scale;

  SyntheticDrive(int width, int height, ScaleSource scale) {
    camera =
        new PinholeCamera(
            width, height, 0.8 * width, 0.8 * width, width / 2.0 - 0.5, height / 2.0 - 0.5);
    this.scale = scale;
  }

  SourceItem.Frame item(int sequence) {
    FrameOutcome.Estimated outcome = estimated(sequence);
    return new SourceItem.Frame(
        new CameraFrame(
            outcome.id(),
            outcome.stamp(),
            new CameraCalibration(camera, CameraCalibration.Origin.GIVEN),
            outcome.rectified(),
            null));
  }

  FrameOutcome.Lost lost(int sequence, String reason) {
    return new FrameOutcome.Lost(
        id(sequence), stamp(sequence), TrackingState.LOST, reason, timings(sequence));
  }

  FrameOutcome.Estimated estimated(int sequence) {
    return estimated(sequence, OccupancyDelta.none(VOXEL_M));
  }

  /** A frame that tells of the hall's walls, and of free space inside, from {@code x} -5 on. */
  FrameOutcome.Estimated estimatedWithMapUpTo(int sequence, double xM) {
    int lastBlock = (int) Math.floor(xM / BLOCK_M);
    List<Long> keys = new ArrayList<>();
    List<byte[]> rows = new ArrayList<>();
    for (int bx = blockOf(LOW[0]); bx <= lastBlock; bx++) {
      for (int by = blockOf(LOW[1]); by <= blockOf(HIGH[1]); by++) {
        keys.add(VoxelBlockMap.key(bx, by, 0));
        rows.add(hallBlock(bx, by, 0));
        keys.add(VoxelBlockMap.key(bx, by, -1));
        rows.add(hallBlock(bx, by, -1));
      }
    }
    return estimated(
        sequence,
        new OccupancyDelta(
            VOXEL_M,
            keys.stream().mapToLong(Long::longValue).toArray(),
            rows.toArray(byte[][]::new)));
  }

  private static int blockOf(double metres) {
    return (int) Math.floor(metres / BLOCK_M);
  }

  private static byte[] hallBlock(int bx, int by, int bz) {
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    for (int i = 0; i < row.length; i++) {
      double[] centre = {
        (bx * 8 + i % 8 + 0.5) * VOXEL_M,
        (by * 8 + i / 8 % 8 + 0.5) * VOXEL_M,
        (bz * 8 + i / 64 + 0.5) * VOXEL_M
      };
      double outside = Double.NEGATIVE_INFINITY;
      for (int axis = 0; axis < 3; axis++) {
        outside = Math.max(outside, Math.max(LOW[axis] - centre[axis], centre[axis] - HIGH[axis]));
      }
      row[i] = outside < 0 ? -60 : outside < VOXEL_M ? 60 : VoxelBlockMap.UNOBSERVED;
    }
    return row;
  }

  FrameOutcome.Estimated estimated(int sequence, OccupancyDelta map) {
    int pixels = camera.width() * camera.height();
    float[] depthM = new float[pixels];
    float[] velocityMps = new float[3 * pixels];
    byte[] moving = new byte[pixels];
    byte[] bgr = new byte[3 * pixels];
    Se3 T_odom_cam = T_odom_cam(sequence);
    double[] ball = ballCentre(sequence);
    for (int v = 0, i = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++, i++) {
        paint(u, v, i, T_odom_cam, ball, depthM, velocityMps, moving, bgr);
      }
    }
    float[] std = new float[pixels];
    Arrays.fill(std, 0.02f);
    return new FrameOutcome.Estimated(
        id(sequence),
        stamp(sequence),
        camera,
        camera,
        new Picture(camera.width(), camera.height(), Picture.Format.BGR8, bgr),
        new PoseEstimate(
            stamp(sequence), T_odom_cam, new double[36], 0.9, TrackingState.TRACKING, scale),
        new DepthMap(camera.width(), camera.height(), depthM, std),
        new SceneFlowField(camera.width(), camera.height(), velocityMps),
        new MovingMask(camera.width(), camera.height(), moving),
        map,
        timings(sequence));
  }

  /** On a circle of 2 m, looking along it. */
  static Se3 T_odom_cam(int sequence) {
    double angle = 0.012 * sequence;
    double[] forward = {-Math.sin(angle), Math.cos(angle), 0};
    double[] right = {forward[1], -forward[0], 0};
    return Se3.of(
        new double[] {right[0], 0, forward[0], right[1], 0, forward[1], 0, -1, 0},
        new double[] {2 * Math.cos(angle), 2 * Math.sin(angle), 0});
  }

  private static double[] ballCentre(int sequence) {
    double along = BALL_SPEED_MPS * sequence / FRAMES_PER_SECOND;
    return new double[] {-3 + along % 6, 2.5, LOW[2] + BALL_RADIUS_M};
  }

  private void paint(
      int u,
      int v,
      int i,
      Se3 T_odom_cam,
      double[] ball,
      float[] depthM,
      float[] velocityMps,
      byte[] moving,
      byte[] bgr) {
    double[] ray = new double[3];
    camera.unproject(u, v, ray);
    double[] eye = T_odom_cam.translation();
    double[] tip = T_odom_cam.transform(ray[0], ray[1], ray[2]);
    double[] d = {tip[0] - eye[0], tip[1] - eye[1], tip[2] - eye[2]};
    double wall = wallDistance(eye, d);
    double ballDistance = ballDistance(eye, d, ball);
    boolean onBall = ballDistance < wall;
    double range = Math.min(wall, ballDistance);
    double shade =
        onBall ? 0.9 : texture(eye[0] + range * d[0], eye[1] + range * d[1], eye[2] + range * d[2]);
    shade /= 1 + 0.06 * range;
    bgr[3 * i] = (byte) (255 * shade * (onBall ? 0.3 : 0.8));
    bgr[3 * i + 1] = (byte) (255 * shade * (onBall ? 0.4 : 0.9));
    bgr[3 * i + 2] = (byte) (255 * shade);
    boolean unknown = u < HOLE && v < HOLE;
    depthM[i] = unknown ? Float.NaN : (float) (range * ray[2]);
    moving[i] = unknown ? MovingMask.UNKNOWN : onBall ? MovingMask.MOVING : MovingMask.STATIC;
    for (int axis = 0; axis < 3; axis++) {
      double v_odom_x = onBall ? BALL_SPEED_MPS : 0;
      velocityMps[3 * i + axis] = unknown ? Float.NaN : (float) (T_odom_cam.r(0, axis) * v_odom_x);
    }
  }

  private static double wallDistance(double[] eye, double[] d) {
    double nearest = Double.POSITIVE_INFINITY;
    for (int axis = 0; axis < 3; axis++) {
      double plane = d[axis] > 0 ? HIGH[axis] : LOW[axis];
      if (Math.abs(d[axis]) > 1e-9) {
        nearest = Math.min(nearest, (plane - eye[axis]) / d[axis]);
      }
    }
    return nearest;
  }

  private static double ballDistance(double[] eye, double[] d, double[] centre) {
    double b = 0;
    double c = -BALL_RADIUS_M * BALL_RADIUS_M;
    for (int axis = 0; axis < 3; axis++) {
      double o = eye[axis] - centre[axis];
      b += o * d[axis];
      c += o * o;
    }
    double root = b * b - c;
    double t = -b - Math.sqrt(Math.max(0, root));
    return root > 0 && t > 0 ? t : Double.POSITIVE_INFINITY;
  }

  private static double texture(double x, double y, double z) {
    // Half a square off the walls, where rounding would choose.
    long square =
        Math.round(Math.floor(2 * x + 0.5))
            + Math.round(Math.floor(2 * y + 0.5))
            + Math.round(Math.floor(2 * z + 0.5));
    return (square & 1) == 0 ? 0.9 : 0.55;
  }

  private static FrameId id(int sequence) {
    return new FrameId(new CameraId("front"), sequence);
  }

  private static Timestamp stamp(int sequence) {
    return Timestamp.ofSeconds(sequence / FRAMES_PER_SECOND);
  }

  private static StageTimings timings(int sequence) {
    Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
    long total = 0;
    for (Stage stage : Stage.values()) {
      long spent =
          stage == Stage.TOTAL
              ? total
              : 1_500_000L * (stage.ordinal() + 1)
                  + 400_000L * ((sequence * 7 + stage.ordinal()) % 5);
      nanos.put(stage, spent);
      total += spent;
    }
    return new StageTimings(nanos);
  }
}
