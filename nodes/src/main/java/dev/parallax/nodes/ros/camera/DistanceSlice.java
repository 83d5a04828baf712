package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosPointCloud;
import dev.parallax.perception.mapping.OccupancyGrid2d;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How far each known cell of a 2-D grid is from what stands in the way: the signed Euclidean
 * distance between centres of cells, positive outside, negative inside of what is occupied. Exact
 * and linear in the number of cells (Felzenszwalb and Huttenlocher, "Distance transforms of sampled
 * functions", 2012): one pass over the columns, one over the rows, each the lower envelope of
 * parabolas.
 */
final class DistanceSlice {
  /** Stands for a cell that no parabola starts from; squares of it are still finite. */
  private static final double FAR = 1e12;

  private DistanceSlice() {}

  /**
   * The points x, y, z, distance of every known cell.
   *
   * @param zM height that the points are given
   */
  static RosPointCloud of(OccupancyGrid2d grid, double zM, RosHeader header) {
    float[] distancesM = distancesM(grid);
    ByteBuffer points = ByteBuffer.allocate(16 * known(grid)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < distancesM.length; i++) {
      if (grid.cells()[i] != OccupancyGrid2d.UNKNOWN) {
        points
            .putFloat((float) (grid.originXM() + (i % grid.width() + 0.5) * grid.resolutionM()))
            .putFloat((float) (grid.originYM() + (i / grid.width() + 0.5) * grid.resolutionM()))
            .putFloat((float) zM)
            .putFloat(distancesM[i]);
      }
    }
    return RosPointCloud.ofFloats(header, points.array(), "x", "y", "z", "distance");
  }

  private static int known(OccupancyGrid2d grid) {
    int known = 0;
    for (byte cell : grid.cells()) {
      known += cell == OccupancyGrid2d.UNKNOWN ? 0 : 1;
    }
    return known;
  }

  /**
   * {@code [height width]} metres, unknown cells included; infinite where there is nothing to be
   * far from.
   */
  static float[] distancesM(OccupancyGrid2d grid) {
    double[] outside = squares(grid, true);
    double[] inside = squares(grid, false);
    float[] distancesM = new float[outside.length];
    for (int i = 0; i < distancesM.length; i++) {
      distancesM[i] = (float) (grid.resolutionM() * (root(outside[i]) - root(inside[i])));
    }
    return distancesM;
  }

  private static double root(double square) {
    return square >= FAR / 2 ? Double.POSITIVE_INFINITY : Math.sqrt(square);
  }

  /** Squared distances in cells to the nearest cell that is occupied, or that is not. */
  private static double[] squares(OccupancyGrid2d grid, boolean occupied) {
    int width = grid.width();
    int height = grid.height();
    double[] squares = new double[width * height];
    for (int i = 0; i < squares.length; i++) {
      squares[i] = (grid.cells()[i] == OccupancyGrid2d.OCCUPIED) == occupied ? 0 : FAR;
    }
    Envelope envelope = new Envelope(Math.max(width, height));
    for (int x = 0; x < width; x++) {
      envelope.transform(squares, x, width, height);
    }
    for (int y = 0; y < height; y++) {
      envelope.transform(squares, y * width, 1, width);
    }
    return squares;
  }

  /** The lower envelope of the parabolas over one line of cells. */
  private static final class Envelope {
    private final double[] line;
    private final int[] apexes;
    private final double[] borders;

    Envelope(int longest) {
      line = new double[longest];
      apexes = new int[longest];
      borders = new double[longest + 1];
    }

    void transform(double[] values, int from, int step, int count) {
      for (int q = 0; q < count; q++) {
        line[q] = values[from + q * step];
      }
      int last = 0;
      apexes[0] = 0;
      borders[0] = Double.NEGATIVE_INFINITY;
      borders[1] = Double.POSITIVE_INFINITY;
      for (int q = 1; q < count; q++) {
        double crossing = crossing(q, apexes[last]);
        while (crossing <= borders[last]) {
          last--;
          crossing = crossing(q, apexes[last]);
        }
        last++;
        apexes[last] = q;
        borders[last] = crossing;
        borders[last + 1] = Double.POSITIVE_INFINITY;
      }
      int at = 0;
      for (int q = 0; q < count; q++) {
        while (borders[at + 1] < q) {
          at++;
        }
        double distance = q - apexes[at];
        values[from + q * step] = Math.min(FAR, distance * distance + line[apexes[at]]);
      }
    }

    /** Where the parabola of q begins to lie under that of an earlier apex. */
    private double crossing(int q, int apex) {
      return (line[q] + (double) q * q - line[apex] - (double) apex * apex) / (2.0 * (q - apex));
    }
  }
}
