package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads {@code pose_covariance.csv}: a stamp and the upper triangle of a 6x6 matrix a line. */
final class PoseCovariances {
  private static final int UPPER = 21;

  private PoseCovariances() {}

  /**
   * @return {@code [6 6]} for each stamp; empty where there is no file
   * @throws SourceException if the file is damaged
   */
  static Map<Timestamp, double[]> read(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      Map<Timestamp, double[]> covariances = new HashMap<>();
      for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
        String[] fields = line.split(",", -1);
        if (fields.length != 1 + UPPER) {
          throw new IOException("a line has %d fields, not 22".formatted(fields.length));
        }
        covariances.put(Timestamp.parseSeconds(fields[0]), matrix(fields));
      }
      return covariances;
    } catch (IOException | NumberFormatException | ArithmeticException e) {
      throw new SourceException(
          "%s: cannot be read (%s); run replay again".formatted(file, e.getMessage()), e);
    }
  }

  private static double[] matrix(String[] fields) {
    double[] matrix = new double[36];
    int field = 1;
    for (int i = 0; i < 6; i++) {
      for (int j = i; j < 6; j++) {
        matrix[6 * i + j] = Double.parseDouble(fields[field++]);
        matrix[6 * j + i] = matrix[6 * i + j];
      }
    }
    return matrix;
  }
}
