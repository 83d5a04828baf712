package dev.parallax.nodes.codec;

/**
 * {@code map_msgs/OccupancyGridUpdate}: a rectangle of an {@link RosOccupancyGrid}.
 *
 * @param x first column of the whole grid that is changed
 * @param y first row
 * @param cells {@code [height width]} -1 unknown, 0 free to 100 occupied
 */
public record RosOccupancyUpdate(
    RosHeader header, int x, int y, int width, int height, byte[] cells) implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short or its sizes contradict one another
   */
  public static RosOccupancyUpdate read(WireInput in) throws MessageFormatException {
    RosOccupancyUpdate update =
        new RosOccupancyUpdate(
            in.header(),
            in.i32("x"),
            in.i32("y"),
            in.size("width"),
            in.size("height"),
            in.bytes("data"));
    if ((long) update.width * update.height != update.cells.length) {
      throw in.refuse(
          "data",
          "holds %d cells for %dx%d".formatted(update.cells.length, update.width, update.height));
    }
    return update;
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.OCCUPANCY_GRID_UPDATE;
  }

  @Override
  public int expectedBytes() {
    return cells.length + 64 + header.frameId().length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).u32(x).u32(y).u32(width).u32(height).bytes(cells);
  }
}
