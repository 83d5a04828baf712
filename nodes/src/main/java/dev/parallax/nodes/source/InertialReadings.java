package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosImu;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The inertial sensor of a recording: from a topic of a bag, from a folder's {@link InertialFile}
 * or from the {@code mav0/imu0/data.csv} of the EuRoC layout.
 *
 * @param T_cam_imu where the sensor sits; null where nobody says
 * @param warnings what a person should know
 */
record InertialReadings(InertialLog log, @Nullable Se3 T_cam_imu, List<String> warnings) {
  /** For {@link #of}: to be found. */
  static final String FIND = "auto";

  private static final BagSensorTopic TOPIC =
      new BagSensorTopic(
          Ros1Type.IMU::equals,
          "an IMU",
          "has IMU readings",
          "has one",
          "have one",
          "sensor_msgs/Imu",
          "--imu");

  InertialReadings {
    warnings = List.copyOf(warnings);
  }

  /**
   * @param options which sensor, of which camera
   * @throws SourceException if there is none, or several and none named
   */
  static InertialReadings of(Path recording, RecordingOptions options) {
    RecordingOptions.Imu imu = Objects.requireNonNull(options.imu());
    String named = imu.source();
    Se3 given = imu.T_cam_imu();
    Path file = named.equals(FIND) ? recording.resolve(InertialFile.NAME) : Path.of(named);
    if (Files.isRegularFile(file)) {
      return ofFile(file, given);
    }
    if (named.equals(FIND) && EurocInertial.isIn(recording)) {
      return EurocInertial.read(recording, given);
    }
    if (Bags.isBag(recording)) {
      try (Bag bag = Bags.open(recording)) {
        return ofBag(bag, options.imageTopic(), named, given);
      }
    }
    throw new SourceException(
        "%s: an IMU was asked for, but there is no file %s; give one with --imu FILE, a line a reading: stamp wx wy wz ax ay az"
            .formatted(recording, file));
  }

  private static InertialReadings ofFile(Path file, @Nullable Se3 given) {
    InertialLog log = new InertialLog(Integer.MAX_VALUE);
    List<String> lines = FolderFiles.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("[\\s,]+");
      double[] v = fields.length == 7 ? numbers(fields) : null;
      if (v == null) {
        throw new SourceException(
            "%s:%d: expected stamp wx wy wz ax ay az; restore it".formatted(file, i + 1));
      }
      log.add(
          FolderFiles.stamp(file, i + 1, fields[0]),
          new double[] {v[0], v[1], v[2]},
          new double[] {v[3], v[4], v[5]});
    }
    Se3 mount = given != null ? given : InertialFile.mount(file, lines);
    return new InertialReadings(log, mount, oddities(file.toString(), log, null, 0));
  }

  /** All but the first; NaN is a number here, which the log leaves out. Null where one is none. */
  static double @Nullable [] numbers(String[] fields) {
    double[] v = new double[fields.length - 1];
    try {
      for (int k = 0; k < v.length; k++) {
        String field = fields[k + 1];
        v[k] = field.equalsIgnoreCase("nan") ? Double.NaN : Double.parseDouble(field);
      }
    } catch (NumberFormatException e) {
      return null;
    }
    return v;
  }

  private static InertialReadings ofBag(
      Bag bag, @Nullable String imageTopic, String named, @Nullable Se3 given) {
    String topic = TOPIC.in(bag, named.equals(FIND) ? "" : named);
    String name = "%s %s".formatted(bag.path(), topic);
    InertialLog log = new InertialLog(Integer.MAX_VALUE);
    MessageFormatException first = null;
    long lost = 0;
    String frame = "";
    Iterator<BagMessage> messages = bag.messages(Set.of(topic));
    while (messages.hasNext()) {
      BagMessage message = messages.next();
      try {
        RosImu imu = message.channel().decoder().imu(message.data());
        frame = imu.header().frameId();
        Timestamp stamp = imu.header().stamp();
        log.add(
            stamp.nanos() == 0 ? message.recordTime() : stamp,
            imu.angularVelocity(),
            imu.linearAcceleration());
      } catch (MessageFormatException e) {
        first = lost++ == 0 ? e : first;
      }
    }
    Se3 mount = given != null ? given : BagMounting.T_cam_sensor(bag, imageTopic, frame);
    return new InertialReadings(log, mount, oddities(name, log, first, lost));
  }

  static List<String> oddities(
      String name, InertialLog log, @Nullable MessageFormatException first, long lost) {
    List<String> odd = new ArrayList<>();
    if (first != null) {
      odd.add(
          "%s: %d IMU readings could not be read; the first: %s"
              .formatted(name, lost, first.getMessage()));
    }
    if (log.outOfOrder() > 0) {
      odd.add(
          "%s: %d IMU readings are not after the one before and were left out"
              .formatted(name, log.outOfOrder()));
    }
    if (log.notFinite() > 0) {
      odd.add(
          "%s: %d IMU readings are not finite and were left out".formatted(name, log.notFinite()));
    }
    if (log.size() == 0) {
      odd.add("%s: holds no IMU reading; the pictures alone are used".formatted(name));
    }
    return odd;
  }
}
