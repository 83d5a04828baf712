package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImu;
import dev.parallax.nodes.codec.RosOdometry;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.codec.RosTransforms;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.DistortedCamera;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a sequence with its truth as ROS 1 messages, in a bag or an MCAP file:
 *
 * <pre>
 *   /camera/image_raw or /camera/image_raw/compressed
 *   /camera/camera_info     for every picture
 *   /camera/depth/image     32FC1 metres, registered to the picture
 *   /ground_truth/pose      PoseStamped, T_world_cam of the optical frame
 *   /odom                   Odometry with a twist alone, where speeds are given
 *   /imu/data, /tf_static   Imu without orientation and its mounting, where readings are given
 * </pre>
 *
 * One thread.
 */
public final class SequenceBagWriter implements AutoCloseable {
  private static final String OPTICAL_FRAME = "camera_optical_frame";
  private static final String WORLD_FRAME = "world";
  private static final String IMU_FRAME = "imu_link";

  private final BagOutput bag;
  private final int jpegQuality;
  private final RosPictures pictures = new RosPictures();
  private final RosDepth depths = new RosDepth();
  private final int imageTopic;
  private final int infoTopic;
  private final int depthTopic;
  private final int poseTopic;
  private int speedTopic = -1; // made with the first speed
  private long speeds;
  private int imuTopic = -1; // made with the mounting
  private long readings;

  /**
   * Starts a recording, replacing a file of that name.
   *
   * @param path ends in {@code .bag} or {@code .mcap}
   * @param jpegQuality 1 to 100, or 0 for raw pictures without loss
   */
  public SequenceBagWriter(Path path, int jpegQuality) throws IOException {
    if (jpegQuality < 0 || jpegQuality > 100) {
      throw new IllegalArgumentException(
          "JPEG quality is 1 to 100, or 0 for raw pictures, got " + jpegQuality);
    }
    this.jpegQuality = jpegQuality;
    bag =
        BagFormat.of(path)
            .orElseThrow(() -> new IllegalArgumentException(path + ": must end in .bag or .mcap"))
            .createRos1(path);
    imageTopic =
        jpegQuality == 0
            ? bag.addChannel(BagChannel.of("/camera/image_raw", Ros1Type.IMAGE))
            : bag.addChannel(
                BagChannel.of("/camera/image_raw/compressed", Ros1Type.COMPRESSED_IMAGE));
    infoTopic = bag.addChannel(BagChannel.of("/camera/camera_info", Ros1Type.CAMERA_INFO));
    depthTopic = bag.addChannel(BagChannel.of("/camera/depth/image", Ros1Type.IMAGE));
    poseTopic = bag.addChannel(BagChannel.of("/ground_truth/pose", Ros1Type.POSE_STAMPED));
  }

  /** Adds a frame with the true pose of its optical frame and its depth. */
  public void write(CameraFrame frame, Se3 T_world_cam, DepthMap depth) throws IOException {
    Timestamp stamp = frame.stamp();
    RosHeader header = new RosHeader(frame.id().sequence(), stamp, OPTICAL_FRAME);
    bag.write(
        imageTopic,
        stamp,
        jpegQuality == 0
            ? pictures.message(frame.picture(), header).toBuffer()
            : pictures.jpegMessage(frame.picture(), header, jpegQuality).toBuffer());
    bag.write(infoTopic, stamp, cameraInfo(frame.calibration().model(), header).toBuffer());
    bag.write(depthTopic, stamp, depths.message(depth, header).toBuffer());
    RosHeader world = new RosHeader(frame.id().sequence(), stamp, WORLD_FRAME);
    bag.write(poseTopic, stamp, new RosPoseStamped(world, T_world_cam).toBuffer());
  }

  /**
   * Adds what the carrier's wheels tell.
   *
   * @param speedMps forwards
   * @param stdMps of that reading
   */
  public void writeSpeed(Timestamp stamp, double speedMps, double stdMps) throws IOException {
    if (speedTopic < 0) {
      speedTopic = bag.addChannel(BagChannel.of("/odom", Ros1Type.ODOMETRY));
    }
    double[] twistCovariance = new double[36];
    twistCovariance[0] = stdMps * stdMps;
    RosOdometry odometry =
        new RosOdometry(
            new RosHeader(speeds++, stamp, "odom"),
            "base_link",
            Se3.identity(),
            new double[36],
            new double[] {speedMps, 0, 0, 0, 0, 0},
            twistCovariance);
    bag.write(speedTopic, stamp, odometry.toBuffer());
  }

  /** Says where the inertial sensor sits; once, before its first reading. */
  public void writeMounting(Timestamp stamp, Se3 T_cam_imu) throws IOException {
    imuTopic = bag.addChannel(BagChannel.of("/imu/data", Ros1Type.IMU));
    int transforms = bag.addChannel(BagChannel.of("/tf_static", Ros1Type.TF_MESSAGE));
    RosHeader header = new RosHeader(0, stamp, OPTICAL_FRAME);
    RosTransforms mounting =
        new RosTransforms(List.of(new RosTransforms.Stamped(header, IMU_FRAME, T_cam_imu)));
    bag.write(transforms, stamp, mounting.toBuffer());
  }

  /**
   * Adds what the inertial sensor read.
   *
   * @param gyroRadps {@code [3]}
   * @param accelMps2 {@code [3]}
   */
  public void writeInertial(Timestamp stamp, double[] gyroRadps, double[] accelMps2)
      throws IOException {
    double[] noOrientation = new double[9];
    noOrientation[0] = -1;
    RosImu imu =
        new RosImu(
            new RosHeader(readings++, stamp, IMU_FRAME),
            new double[4],
            noOrientation,
            gyroRadps,
            new double[9],
            accelMps2,
            new double[9]);
    bag.write(imuTopic, stamp, imu.toBuffer());
  }

  private static RosCameraInfo cameraInfo(CameraModel camera, RosHeader header) {
    boolean distorted = camera instanceof DistortedCamera;
    PinholeCamera k =
        camera instanceof DistortedCamera lens ? lens.intrinsics() : camera.rectified();
    double[] d = camera instanceof DistortedCamera lens ? lens.coefficients() : new double[5];
    return RosCameraInfo.of(
        header,
        camera.width(),
        camera.height(),
        distorted ? camera.name() : "plumb_bob",
        d,
        k.fx(),
        k.fy(),
        k.cx(),
        k.cy());
  }

  @Override
  public void close() throws IOException {
    bag.close();
  }
}
