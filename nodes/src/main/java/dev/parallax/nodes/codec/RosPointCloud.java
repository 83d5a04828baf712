package dev.parallax.nodes.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code sensor_msgs/PointCloud2}.
 *
 * @param height rows; 1 for points without an order
 * @param width points in a row
 * @param fields what each point holds
 * @param pointStep bytes of a point
 * @param rowStep bytes of a row
 * @param data {@code [height rowStep]}; not copied
 * @param dense whether every point is valid
 */
public record RosPointCloud(
    RosHeader header,
    int height,
    int width,
    List<Field> fields,
    boolean bigEndian,
    long pointStep,
    long rowStep,
    byte[] data,
    boolean dense)
    implements RosMessage {
  /** The datatype of a float of 32 bits. */
  public static final int FLOAT32 = 7;

  private static final int LEAST_FIELD_BYTES = 13;

  /**
   * {@code sensor_msgs/PointField}.
   *
   * @param offsetBytes from the start of a point
   * @param count how many values of the type
   */
  public record Field(String name, long offsetBytes, int datatype, long count) {}

  public RosPointCloud {
    fields = List.copyOf(fields);
  }

  /** Points in no order whose fields are floats, side by side. */
  public static RosPointCloud ofFloats(RosHeader header, byte[] data, String... names) {
    List<Field> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(new Field(name, 4L * fields.size(), FLOAT32, 1));
    }
    int pointStep = 4 * names.length;
    return new RosPointCloud(
        header, 1, data.length / pointStep, fields, false, pointStep, data.length, data, true);
  }

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosPointCloud read(WireInput in) throws MessageFormatException {
    RosHeader header = in.header();
    int height = in.size("height");
    int width = in.size("width");
    int count = in.count(LEAST_FIELD_BYTES, "fields");
    List<Field> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      fields.add(
          new Field(
              in.text("fields.name"),
              in.u32("fields.offset"),
              in.u8("fields.datatype"),
              in.u32("fields.count")));
    }
    return new RosPointCloud(
        header,
        height,
        width,
        fields,
        in.u8("is_bigendian") != 0,
        in.u32("point_step"),
        in.u32("row_step"),
        in.bytes("data"),
        in.u8("is_dense") != 0);
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.POINT_CLOUD;
  }

  @Override
  public int expectedBytes() {
    return data.length + 256 + header.frameId().length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).u32(height).u32(width).u32(fields.size());
    for (Field field : fields) {
      out.text(field.name()).u32(field.offsetBytes()).u8(field.datatype()).u32(field.count());
    }
    out.u8(bigEndian ? 1 : 0).u32(pointStep).u32(rowStep).bytes(data).u8(dense ? 1 : 0);
  }
}
