package dev.parallax.nodes.source;

import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code frames.csv}, the ledger that replay leaves, tells about a run.
 *
 * @param stamps of every frame the run was given, in order; empty where there is no ledger
 * @param isMetric whether every frame published once tracking had begun had a metric scale; false
 *     where no ledger says so
 */
record RunLedger(List<Timestamp> stamps, boolean isMetric) {
  RunLedger {
    stamps = List.copyOf(stamps);
  }

  /**
   * @throws SourceException if the file is there but is no ledger
   */
  static RunLedger read(Path file) {
    if (!Files.exists(file)) {
      return new RunLedger(List.of(), false);
    }
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> header = lines.isEmpty() ? List.of() : Arrays.asList(lines.get(0).split(","));
      int stamp = column(file, header, "stamp");
      int scale = column(file, header, "scale");
      int state = column(file, header, "state");
      List<Timestamp> stamps = new ArrayList<>();
      boolean anyScale = false;
      boolean anyRelative = false;
      for (String line : lines.subList(1, lines.size())) {
        // Free text with commas comes after these columns.
        String[] fields = line.split(",", -1);
        stamps.add(Timestamp.parseSeconds(fields[stamp]));
        if (!fields[state].equals(TrackingState.INITIALIZING.name())) {
          anyScale |= !fields[scale].isEmpty();
          anyRelative |= fields[scale].equals(ScaleSource.RELATIVE.label());
        }
      }
      return new RunLedger(stamps, anyScale && !anyRelative);
    } catch (IOException | ArithmeticException | IllegalArgumentException e) {
      throw notALedger(file, String.valueOf(e.getMessage()), e);
    } catch (ArrayIndexOutOfBoundsException e) {
      throw notALedger(file, "a line is cut short", e);
    }
  }

  private static int column(Path file, List<String> header, String name) {
    int column = header.indexOf(name);
    if (column < 0) {
      throw notALedger(file, "no column \"" + name + "\"", null);
    }
    return column;
  }

  private static SourceException notALedger(Path file, String why, @Nullable Exception cause) {
    String message = "%s: not a ledger of replay (%s); run replay again".formatted(file, why);
    return cause == null ? new SourceException(message) : new SourceException(message, cause);
  }
}
