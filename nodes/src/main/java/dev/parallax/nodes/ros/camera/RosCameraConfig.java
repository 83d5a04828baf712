package dev.parallax.nodes.ros.camera;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.geometry.Se3;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One camera of a ROS node. Topics are names as ROS resolves them.
 *
 * @param name of the camera, unique in the node
 * @param namespace where its results go
 * @param imageTopic raw, or compressed where the name ends in {@code /compressed}
 * @param infoTopic null for {@code camera_info} beside the pictures
 * @param depthTopic registered depth; null for none
 * @param speedTopic the carrier's speed; null for none
 * @param imu the camera's inertial sensor; null for none
 * @param depthUnitsPerM values to a metre in 16UC1 depth
 * @param calibration overrules CameraInfo; null to use that
 * @param frames names of the transforms' frames, and which are published
 * @param mapFolder where {@code save_map} writes and {@code load_map} reads
 */
public record RosCameraConfig(
    String name,
    String namespace,
    String imageTopic,
    @Nullable String infoTopic,
    @Nullable String depthTopic,
    @Nullable String speedTopic,
    @Nullable Imu imu,
    double depthUnitsPerM,
    @Nullable CameraCalibration calibration,
    Frames frames,
    Path mapFolder) {
  private static final String RELATIVE_FRAME = "_relative";

  /**
   * An inertial sensor.
   *
   * @param topic of {@code sensor_msgs/Imu}
   * @param T_cam_imu where it sits, over what transforms tell; null to use those
   */
  public record Imu(String topic, @Nullable Se3 T_cam_imu) {}

  /**
   * REP 105's frames.
   *
   * @param publishOdom whether {@code odom -> base} is published
   * @param publishMap whether {@code map -> odom} is published
   */
  public record Frames(
      String map, String odom, String base, boolean publishOdom, boolean publishMap) {
    public static Frames defaults() {
      return new Frames("map", "odom", "base_link", true, true);
    }

    private Frames inRelativeUnits() {
      return new Frames(map + RELATIVE_FRAME, odom + RELATIVE_FRAME, base, publishOdom, publishMap);
    }
  }

  /**
   * The same camera where its lengths are in an arbitrary unit: under {@code relative}, in frames
   * of their own, so that nobody takes them for metres (REP 103).
   */
  RosCameraConfig inRelativeUnits() {
    return new RosCameraConfig(
        name,
        result("relative"),
        imageTopic,
        infoTopic,
        depthTopic,
        speedTopic,
        imu,
        depthUnitsPerM,
        calibration,
        frames.inRelativeUnits(),
        mapFolder.resolve("relative"));
  }

  /** The name that a raw topic and its compressed twin share. */
  String baseTopic() {
    return isCompressed()
        ? imageTopic.substring(0, imageTopic.length() - "/compressed".length())
        : imageTopic;
  }

  boolean isCompressed() {
    return imageTopic.endsWith("/compressed");
  }

  /** Whether image_proc calls these pictures rectified. */
  boolean isRectified() {
    return baseTopic().substring(baseTopic().lastIndexOf('/') + 1).contains("rect");
  }

  String cameraInfoTopic() {
    if (infoTopic != null) {
      return infoTopic;
    }
    int slash = baseTopic().lastIndexOf('/');
    return baseTopic().substring(0, slash + 1) + "camera_info";
  }

  /** A topic or service of the results. */
  String result(String relative) {
    return namespace.endsWith("/") ? namespace + relative : namespace + "/" + relative;
  }
}
