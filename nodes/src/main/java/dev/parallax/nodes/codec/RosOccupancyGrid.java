package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.OccupancyGrid2d;

/**
 * {@code nav_msgs/OccupancyGrid}.
 *
 * @param T_map_origin pose of the outer corner of cell (0, 0) in the header's frame
 * @param cells {@code [height width]} -1 unknown, 0 free to 100 occupied
 */
public record RosOccupancyGrid(
    RosHeader header,
    Timestamp loadTime,
    float resolutionM,
    int width,
    int height,
    Se3 T_map_origin,
    byte[] cells)
    implements RosMessage {

  public static RosOccupancyGrid of(OccupancyGrid2d grid, RosHeader header) {
    return new RosOccupancyGrid(
        header,
        header.stamp(),
        (float) grid.resolutionM(),
        grid.width(),
        grid.height(),
        Se3.ofTranslation(grid.originXM(), grid.originYM(), 0),
        grid.cells());
  }

  /**
   * @throws MessageFormatException if the message is cut short or its sizes contradict one another
   */
  public static RosOccupancyGrid read(WireInput in) throws MessageFormatException {
    RosHeader header = in.header();
    Timestamp loadTime = in.time("info.map_load_time");
    float resolutionM = in.f32("info.resolution");
    int width = in.size("info.width");
    int height = in.size("info.height");
    Se3 T_map_origin = RosPose.read(in, "info.origin");
    byte[] cells = in.bytes("data");
    if ((long) width * height != cells.length) {
      throw in.refuse(
          "data", "holds %d cells for a grid of %dx%d".formatted(cells.length, width, height));
    }
    return new RosOccupancyGrid(header, loadTime, resolutionM, width, height, T_map_origin, cells);
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.OCCUPANCY_GRID;
  }

  @Override
  public int expectedBytes() {
    return cells.length + 128 + header.frameId().length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).time(loadTime).f32(resolutionM).u32(width).u32(height);
    RosPose.write(out, T_map_origin);
    out.bytes(cells);
  }
}
