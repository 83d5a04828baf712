package dev.parallax.nodes.cli;

import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.ros.RosClient;
import dev.parallax.nodes.ros.tcpros.TcpRosClient;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code run} may be told of its camera; flags overrule the file. */
final class RosArguments {
  @Option(
      names = "--image",
      paramLabel = "TOPIC",
      description =
          "pictures: sensor_msgs/Image, or CompressedImage where the name ends in /compressed")
  private @Nullable String image;

  @Option(
      names = "--camera",
      paramLabel = "FILE",
      description = "camera.yaml in ROS calibration format; overrules CameraInfo")
  private @Nullable String camera;

  @Option(
      names = "--depth-topic",
      paramLabel = "TOPIC",
      description = "registered depth, for --scale sensor-depth")
  private @Nullable String depth;

  @Option(
      names = "--depth-units",
      paramLabel = "N",
      description = "integer depth values to a metre (default: 1000, as ROS has it)")
  private @Nullable Double depthUnitsPerM;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "where the results go (default: /parallax)")
  private @Nullable String namespace;

  @Option(
      names = "--map-dir",
      paramLabel = "DIR",
      description = "where save_map writes and load_map reads")
  private @Nullable String mapFolder;

  @Option(
      names = "--ros-client",
      paramLabel = "NAME",
      defaultValue = TcpRosClient.NAME,
      description = "who talks to ROS: tcpros (default), or rosjava where it was built in")
  private String client = TcpRosClient.NAME;

  @Parameters(
      paramLabel = "NAME:=VALUE",
      arity = "0..*",
      description = "remappings and names, as rosrun and roslaunch pass them")
  private List<String> rosArguments = new ArrayList<>();

  CameraSettings settings() {
    CameraSettings none = CameraSettings.none();
    return new CameraSettings(
        none.name(),
        namespace,
        image,
        none.cameraInfo(),
        depth,
        depthUnitsPerM,
        camera,
        none.scale(),
        none.cameraHeightM(),
        none.speed(),
        none.speedRelativeStd(),
        none.imu(),
        none.imuMount(),
        none.voxelSizeM(),
        none.maxRangeM(),
        none.mapFrame(),
        none.odomFrame(),
        none.baseFrame(),
        none.publishOdomTf(),
        none.publishMapTf(),
        mapFolder);
  }

  /**
   * @throws dev.parallax.nodes.ros.RosException if it was not built in
   */
  RosClient client() {
    return RosClient.named(client);
  }

  List<String> rosArguments() {
    return List.copyOf(rosArguments);
  }
}
