package dev.parallax.nodes.codec;

/**
 * The ROS 1 message types read and written here, with what a bag or a publisher must state about
 * them. The definitions hold the fields alone, without comments; the checksum is that of the public
 * definition, which ignores comments.
 */
public enum Ros1Type {
  IMAGE(
      "sensor_msgs/Image",
      "060021388200f6f0f447d0fcd9c64743",
      """
      std_msgs/Header header
      uint32 height
      uint32 width
      string encoding
      uint8 is_bigendian
      uint32 step
      uint8[] data
      """
          + Parts.HEADER),
  COMPRESSED_IMAGE(
      "sensor_msgs/CompressedImage",
      "8f7a12909da2c9d3332d540a0977563f",
      """
      std_msgs/Header header
      string format
      uint8[] data
      """
          + Parts.HEADER),
  CAMERA_INFO(
      "sensor_msgs/CameraInfo",
      "c9a58c1b0b154e0e6da7578cb991d214",
      """
      std_msgs/Header header
      uint32 height
      uint32 width
      string distortion_model
      float64[] D
      float64[9] K
      float64[9] R
      float64[12] P
      uint32 binning_x
      uint32 binning_y
      sensor_msgs/RegionOfInterest roi
      """
          + Parts.HEADER
          + Parts.SEPARATOR
          + """
      MSG: sensor_msgs/RegionOfInterest
      uint32 x_offset
      uint32 y_offset
      uint32 height
      uint32 width
      bool do_rectify
      """),
  POSE_STAMPED(
      "geometry_msgs/PoseStamped",
      "d3812c3cbc69362b77dc0b19b345f8f5",
      """
      std_msgs/Header header
      geometry_msgs/Pose pose
      """
          + Parts.HEADER
          + Parts.SEPARATOR
          + """
      MSG: geometry_msgs/Pose
      geometry_msgs/Point position
      geometry_msgs/Quaternion orientation
      """
          + Parts.SEPARATOR
          + """
      MSG: geometry_msgs/Point
      float64 x
      float64 y
      float64 z
      """
          + Parts.SEPARATOR
          + """
      MSG: geometry_msgs/Quaternion
      float64 x
      float64 y
      float64 z
      float64 w
      """);

  private final String typeName;
  private final String md5;
  private final String definition;

  Ros1Type(String typeName, String md5, String definition) {
    this.typeName = typeName;
    this.md5 = md5;
    this.definition = definition;
  }

  /** E.g. {@code sensor_msgs/Image}. */
  public String typeName() {
    return typeName;
  }

  public String md5() {
    return md5;
  }

  /** The fields, followed by those of every type used. */
  public String definition() {
    return definition;
  }

  private static final class Parts {
    static final String SEPARATOR = "=".repeat(80) + "\n";
    static final String HEADER =
        SEPARATOR
            + """
            MSG: std_msgs/Header
            uint32 seq
            time stamp
            string frame_id
            """;
  }
}
