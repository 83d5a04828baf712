package dev.parallax.perception.mapping;

/**
 * A 2-D occupancy grid seen from above, laid out as {@code nav_msgs/OccupancyGrid}.
 *
 * @param width cells along x of odom
 * @param height cells along y of odom
 * @param resolutionM edge of a cell
 * @param originXM x of the outer corner of cell (0, 0)
 * @param originYM y of that corner
 * @param cells {@code [height width]} row by row with growing y: {@link #UNKNOWN}, {@link #FREE} or
 *     {@link #OCCUPIED}; not to be changed
 */
public record OccupancyGrid2d(
    int width, int height, double resolutionM, double originXM, double originYM, byte[] cells) {
  public static final byte UNKNOWN = -1;
  public static final byte FREE = 0;
  public static final byte OCCUPIED = 100;

  public OccupancyGrid2d {
    if (width < 0 || height < 0 || cells.length != width * height) {
      throw new IllegalArgumentException(
          "Grid %dx%d does not fit %d cells".formatted(width, height, cells.length));
    }
  }

  /** The cell that holds a point of odom, {@link #UNKNOWN} outside the grid. */
  public byte at(double xM, double yM) {
    int x = (int) Math.floor((xM - originXM) / resolutionM);
    int y = (int) Math.floor((yM - originYM) / resolutionM);
    boolean inside = x >= 0 && y >= 0 && x < width && y < height;
    return inside ? cells[y * width + x] : UNKNOWN;
  }
}
