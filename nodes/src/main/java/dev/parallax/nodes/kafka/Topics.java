package dev.parallax.nodes.kafka;

import java.util.List;

/**
 * Names of the topics: those of ROS with dots. Results are keyed by camera and lie in the partition
 * that their frame came from, so that the order of a camera is kept throughout.
 *
 * @param namespace before every name
 */
public record Topics(String namespace) {
  /** One record a frame: what became of it. */
  public String results() {
    return namespace + ".results";
  }

  public String depth() {
    return namespace + ".depth.image";
  }

  public String depthStd() {
    return namespace + ".depth.std_dev";
  }

  public String depthCameraInfo() {
    return namespace + ".depth.camera_info";
  }

  public String sceneFlow() {
    return namespace + ".scene_flow";
  }

  public String movingMask() {
    return namespace + ".moving_mask";
  }

  public String odometry() {
    return namespace + ".odometry";
  }

  /** Compacted, keyed by camera and block. */
  public String map() {
    return namespace + ".map";
  }

  /** Compacted, keyed by camera: where sessions stood. */
  public String sessions() {
    return namespace + ".sessions";
  }

  /** Frames that could not be used, as they came, with the reason in their headers. */
  public String deadLetters() {
    return namespace + ".dead_letter";
  }

  /** Calibrations for frames of a topic, compacted: ROS puts them beside the image topic too. */
  public static String cameraInfo(String imageTopic) {
    int dot = imageTopic.lastIndexOf('.');
    return (dot < 0 ? imageTopic : imageTopic.substring(0, dot)) + ".camera_info";
  }

  /** Depth of the cameras' own sensors, beside their pictures. */
  public static String sensorDepth(String imageTopic) {
    int dot = imageTopic.lastIndexOf('.');
    return (dot < 0 ? imageTopic : imageTopic.substring(0, dot)) + ".depth";
  }

  List<String> streams() {
    return List.of(
        results(),
        depth(),
        depthStd(),
        depthCameraInfo(),
        sceneFlow(),
        movingMask(),
        odometry(),
        deadLetters());
  }

  List<String> compacted() {
    return List.of(map(), sessions());
  }
}
