package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.mapping.OccupancyGrid2d;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code map/map.pgm} and {@code map/map.yaml}, as ROS' map_server reads them: the first row of the
 * picture is the one with the largest y.
 */
public final class MapFiles {
  private static final byte FREE = (byte) 254;
  private static final byte OCCUPIED = 0;
  private static final byte UNKNOWN = (byte) 205;

  private MapFiles() {}

  static void write(OutputFolder folder, OccupancyGrid2d grid) {
    folder.write("map/map.pgm", pgm(grid));
    folder.write("map/map.yaml", yaml(grid));
  }

  /** Writes {@code map.pgm} and {@code map.yaml} into a folder, which is made if need be. */
  public static void write(Path folder, OccupancyGrid2d grid) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("map.pgm"), pgm(grid));
    Files.writeString(folder.resolve("map.yaml"), yaml(grid));
  }

  private static String yaml(OccupancyGrid2d grid) {
    return String.format(
        Locale.ROOT,
        "image: map.pgm%nresolution: %.6f%norigin: [%.6f, %.6f, 0.0]%nnegate: 0%n"
            + "occupied_thresh: 0.65%nfree_thresh: 0.196%n",
        grid.resolutionM(),
        grid.originXM(),
        grid.originYM());
  }

  /** The grid in map_server's grey values, {@code [height width]} with y falling. */
  static byte[] greys(OccupancyGrid2d grid) {
    byte[] greys = new byte[grid.cells().length];
    for (int y = 0; y < grid.height(); y++) {
      int from = (grid.height() - 1 - y) * grid.width();
      for (int x = 0; x < grid.width(); x++) {
        greys[y * grid.width() + x] =
            switch (grid.cells()[from + x]) {
              case OccupancyGrid2d.FREE -> FREE;
              case OccupancyGrid2d.OCCUPIED -> OCCUPIED;
              default -> UNKNOWN;
            };
      }
    }
    return greys;
  }

  private static byte[] pgm(OccupancyGrid2d grid) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String header = "P5\n%d %d\n255\n".formatted(grid.width(), grid.height());
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(greys(grid));
    return out.toByteArray();
  }
}
