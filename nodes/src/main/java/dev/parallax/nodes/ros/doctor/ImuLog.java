package dev.parallax.nodes.ros.doctor;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosImu;
import dev.parallax.nodes.runtime.Finding;
import dev.parallax.perception.inertial.AccelerometerUnit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an IMU's readings tell of its units. Any thread. */
final class ImuLog {
  private static final double GRAVITY = 9.81;

  /** The range of common gyroscopes, 2000 degrees a second: more is another unit. */
  private static final double MAX_RATE = 35;

  private static final int MIN_READINGS = 10;

  private final List<Double> accelerations = new ArrayList<>();
  private double fastest;
  private @Nullable String broken;

  /** A message of the topic; one that is damaged is told of with the rest. */
  void add(ByteBuffer message, String topic) {
    try {
      add(new MessageDecoder(MessageDecoder.ROS1, Ros1Type.IMU.typeName(), topic).imu(message));
    } catch (MessageFormatException e) {
      lose(e);
    }
  }

  private synchronized void lose(MessageFormatException e) {
    broken = broken == null ? e.getMessage() : broken;
  }

  synchronized void add(RosImu imu) {
    accelerations.add(norm(imu.linearAcceleration()));
    fastest = Math.max(fastest, norm(imu.angularVelocity()));
  }

  private static double norm(double[] v) {
    return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  }

  synchronized List<Finding> findings(String topic) {
    List<Finding> findings = new ArrayList<>();
    if (broken != null) {
      findings.add(Finding.error(topic, broken, "mend the publisher"));
    }
    if (accelerations.size() < MIN_READINGS) {
      return findings;
    }
    List<Double> sorted = new ArrayList<>(accelerations);
    Collections.sort(sorted);
    double usual = sorted.get(sorted.size() / 2);
    Finding unit = unit(topic, usual);
    if (unit != null) {
      findings.add(unit);
    }
    if (fastest == 0) {
      findings.add(
          Finding.warning(
              topic,
              "turn rates are always exactly zero: there is no gyroscope",
              "turns are told by the pictures alone; check the driver if the IMU has one"));
    }
    if (fastest > MAX_RATE) {
      findings.add(
          Finding.error(
              topic,
              "turns at up to %.0f rad/s, more than a gyroscope measures: degrees a second?"
                  .formatted(fastest),
              "multiply it by pi/180 in the driver"));
    }
    return findings;
  }

  private static @Nullable Finding unit(String topic, double usual) {
    return switch (AccelerometerUnit.of(usual)) {
      case METRES_PER_SECOND_SQUARED -> null;
      case GRAVITIES ->
          Finding.error(
              topic,
              "acceleration is usually %.2f: it is in g, not m/s^2".formatted(usual),
              "multiply it by %.2f in the driver".formatted(GRAVITY));
      case FREE_OF_GRAVITY ->
          Finding.error(
              topic,
              "acceleration is usually %.2f m/s^2: gravity was taken out".formatted(usual),
              "publish the raw reading, gravity included (sensor_msgs/Imu)");
      case OTHER ->
          Finding.error(
              topic,
              "acceleration is usually %.2f m/s^2, which is not gravity".formatted(usual),
              "look for a wrong unit or range in the driver");
    };
  }
}
