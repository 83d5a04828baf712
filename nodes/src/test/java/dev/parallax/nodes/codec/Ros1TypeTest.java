package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class Ros1TypeTest {
  /** Prints the checksum of each message and service type named, as Debian's ROS knows it. */
  private static final String PRINT_CHECKSUMS =
      """
      import importlib, sys
      for word in sys.argv[1:]:
          kind, name = word.split(':')
          package, short = name.split('/')
          module = importlib.import_module(package + '.' + kind)
          print(getattr(module, short)._md5sum)
      """;

  @Test
  void theChecksumsOfPicturesAreThosePublished() {
    assertThat(Ros1Type.IMAGE.md5()).isEqualTo("060021388200f6f0f447d0fcd9c64743");
    assertThat(Ros1Type.CAMERA_INFO.md5()).isEqualTo("c9a58c1b0b154e0e6da7578cb991d214");
    assertThat(Ros1Type.POINT_CLOUD.md5()).isEqualTo("1158d486dd51d683ce2f1be655c3c181");
    assertThat(RosServiceType.TRIGGER.md5()).isEqualTo("937c9679a518e3a18d831e57125ea522");
  }

  @Test
  void everyChecksumIsThatOfDebiansRos() {
    Tools.require(
        "rosmsg",
        "python3-rosmsg python3-sensor-msgs python3-nav-msgs python3-map-msgs"
            + " python3-diagnostic-msgs python3-std-srvs python3-tf2-msgs");
    List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-c", PRINT_CHECKSUMS));
    List<String> ours = new ArrayList<>();
    assertThat(Ros1Type.OCTOMAP.md5()) // not Debian's; as its packages' users publish it
        .isEqualTo("9a45536b45c5e409cd49f04bb2d9999f");
    for (Ros1Type type : EnumSet.complementOf(EnumSet.of(Ros1Type.OCTOMAP))) {
      command.add("msg:" + type.typeName());
      ours.add(type.md5());
    }
    for (RosServiceType type :
        List.of(RosServiceType.EMPTY, RosServiceType.TRIGGER)) { // the others are not Debian's
      command.add("srv:" + type.typeName());
      ours.add(type.md5());
    }

    assertThat(printedBy(command)).containsExactlyElementsOf(ours);
    assertThat(printedBy(List.of("rosmsg", "md5", "nav_msgs/Odometry")))
        .containsExactly(Ros1Type.ODOMETRY.md5());
  }

  @Test
  void theDefinitionHoldsEveryEmbeddedTypeOnce() {
    List<String> embedded =
        Ros1Type.ODOMETRY
            .definition()
            .lines()
            .filter(line -> line.startsWith("MSG: "))
            .map(line -> line.substring(5))
            .toList();
    assertThat(embedded)
        .containsExactlyInAnyOrder(
            "std_msgs/Header",
            "geometry_msgs/PoseWithCovariance",
            "geometry_msgs/Pose",
            "geometry_msgs/Point",
            "geometry_msgs/Quaternion",
            "geometry_msgs/TwistWithCovariance",
            "geometry_msgs/Twist",
            "geometry_msgs/Vector3");
    assertThat(Ros1Type.ODOMETRY.ros2TypeName()).isEqualTo("nav_msgs/msg/Odometry");
  }

  private static List<String> printedBy(List<String> command) {
    String printed = Tools.run(Path.of("/"), command.toArray(String[]::new));
    return Arrays.asList(printed.strip().split("\n"));
  }
}
