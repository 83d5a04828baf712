package dev.parallax.nodes.source;

import dev.parallax.sim.scene.SpeedSensor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Writes the {@code speed.txt} of a simulated folder: a line a reading, stamp, m/s and its std. */
public final class SpeedFile {
  private SpeedFile() {}

  /**
   * @param folder of the sequence; the file must not be there yet
   */
  public static void write(Path folder, SpeedSensor speeds) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(folder.resolve(SpeedReadings.FILE))) {
      writer.write("# stamp speed_mps std_mps\n");
      for (int i = 0; i < speeds.count(); i++) {
        writer.write(
            String.format(
                Locale.ROOT,
                "%s %.6f %.6f%n",
                speeds.stamp(i),
                speeds.speedMps(i),
                speeds.stdMps()));
      }
    }
  }
}
