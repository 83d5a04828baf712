package dev.parallax.nodes.cli;

import dev.parallax.nodes.source.InertialFile;
import dev.parallax.nodes.source.SequenceBagWriter;
import dev.parallax.nodes.source.SpeedFile;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.SpeedSensor;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is stored beside a simulated camera's pictures. One recording each. */
final class SimSensors {
  private final @Nullable SpeedSensor speeds;
  private final @Nullable InertialSensor inertial;
  private int speedsTold;
  private int inertialTold;

  SimSensors(@Nullable SpeedSensor speeds, @Nullable InertialSensor inertial) {
    this.speeds = speeds;
    this.inertial = inertial;
  }

  void writeFiles(Path folder) throws IOException {
    if (speeds != null) {
      SpeedFile.write(folder, speeds);
    }
    if (inertial != null) {
      InertialFile.write(folder, inertial);
    }
  }

  /** Those up to a picture that are not stored yet, so that a bag is in the order of time. */
  void write(SequenceBagWriter writer, Timestamp until) throws IOException {
    if (speeds != null) {
      while (speedsTold < speeds.count() && !speeds.stamp(speedsTold).isAfter(until)) {
        writer.writeSpeed(speeds.stamp(speedsTold), speeds.speedMps(speedsTold), speeds.stdMps());
        speedsTold++;
      }
    }
    if (inertial != null) {
      if (inertialTold == 0) {
        writer.writeMounting(inertial.stamp(0), inertial.T_cam_imu());
      }
      while (inertialTold < inertial.count() && !inertial.stamp(inertialTold).isAfter(until)) {
        writer.writeInertial(
            inertial.stamp(inertialTold),
            inertial.gyroRadps(inertialTold),
            inertial.accelMps2(inertialTold));
        inertialTold++;
      }
    }
  }
}
