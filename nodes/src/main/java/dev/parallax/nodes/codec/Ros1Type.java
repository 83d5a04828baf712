package dev.parallax.nodes.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ROS message types known here, from definitions of our own: the fields alone, without
 * comments. The checksum that publishers, subscribers and bags compare is computed from them and
 * equals that of the public definition, which ignores comments.
 */
public enum Ros1Type {
  HEADER(
      "std_msgs/Header",
      """
      uint32 seq
      time stamp
      string frame_id
      """),
  STRING(
      "std_msgs/String",
      """
      string data
      """),
  POINT(
      "geometry_msgs/Point",
      """
      float64 x
      float64 y
      float64 z
      """),
  VECTOR3(
      "geometry_msgs/Vector3",
      """
      float64 x
      float64 y
      float64 z
      """),
  QUATERNION(
      "geometry_msgs/Quaternion",
      """
      float64 x
      float64 y
      float64 z
      float64 w
      """),
  POSE(
      "geometry_msgs/Pose",
      """
      geometry_msgs/Point position
      geometry_msgs/Quaternion orientation
      """),
  POSE_STAMPED(
      "geometry_msgs/PoseStamped",
      """
      std_msgs/Header header
      geometry_msgs/Pose pose
      """),
  POSE_WITH_COVARIANCE(
      "geometry_msgs/PoseWithCovariance",
      """
      geometry_msgs/Pose pose
      float64[36] covariance
      """),
  POSE_WITH_COVARIANCE_STAMPED(
      "geometry_msgs/PoseWithCovarianceStamped",
      """
      std_msgs/Header header
      geometry_msgs/PoseWithCovariance pose
      """),
  TWIST(
      "geometry_msgs/Twist",
      """
      geometry_msgs/Vector3 linear
      geometry_msgs/Vector3 angular
      """),
  TWIST_STAMPED(
      "geometry_msgs/TwistStamped",
      """
      std_msgs/Header header
      geometry_msgs/Twist twist
      """),
  TWIST_WITH_COVARIANCE(
      "geometry_msgs/TwistWithCovariance",
      """
      geometry_msgs/Twist twist
      float64[36] covariance
      """),
  TRANSFORM(
      "geometry_msgs/Transform",
      """
      geometry_msgs/Vector3 translation
      geometry_msgs/Quaternion rotation
      """),
  TRANSFORM_STAMPED(
      "geometry_msgs/TransformStamped",
      """
      std_msgs/Header header
      string child_frame_id
      geometry_msgs/Transform transform
      """),
  TF_MESSAGE(
      "tf2_msgs/TFMessage",
      """
      geometry_msgs/TransformStamped[] transforms
      """),
  IMAGE(
      "sensor_msgs/Image",
      """
      std_msgs/Header header
      uint32 height
      uint32 width
      string encoding
      uint8 is_bigendian
      uint32 step
      uint8[] data
      """),
  COMPRESSED_IMAGE(
      "sensor_msgs/CompressedImage",
      """
      std_msgs/Header header
      string format
      uint8[] data
      """),
  REGION_OF_INTEREST(
      "sensor_msgs/RegionOfInterest",
      """
      uint32 x_offset
      uint32 y_offset
      uint32 height
      uint32 width
      bool do_rectify
      """),
  CAMERA_INFO(
      "sensor_msgs/CameraInfo",
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
      """),
  POINT_FIELD(
      "sensor_msgs/PointField",
      """
      uint8 INT8=1
      uint8 UINT8=2
      uint8 INT16=3
      uint8 UINT16=4
      uint8 INT32=5
      uint8 UINT32=6
      uint8 FLOAT32=7
      uint8 FLOAT64=8
      string name
      uint32 offset
      uint8 datatype
      uint32 count
      """),
  POINT_CLOUD(
      "sensor_msgs/PointCloud2",
      """
      std_msgs/Header header
      uint32 height
      uint32 width
      sensor_msgs/PointField[] fields
      bool is_bigendian
      uint32 point_step
      uint32 row_step
      uint8[] data
      bool is_dense
      """),
  IMU(
      "sensor_msgs/Imu",
      """
      std_msgs/Header header
      geometry_msgs/Quaternion orientation
      float64[9] orientation_covariance
      geometry_msgs/Vector3 angular_velocity
      float64[9] angular_velocity_covariance
      geometry_msgs/Vector3 linear_acceleration
      float64[9] linear_acceleration_covariance
      """),
  ODOMETRY(
      "nav_msgs/Odometry",
      """
      std_msgs/Header header
      string child_frame_id
      geometry_msgs/PoseWithCovariance pose
      geometry_msgs/TwistWithCovariance twist
      """),
  PATH(
      "nav_msgs/Path",
      """
      std_msgs/Header header
      geometry_msgs/PoseStamped[] poses
      """),
  MAP_META_DATA(
      "nav_msgs/MapMetaData",
      """
      time map_load_time
      float32 resolution
      uint32 width
      uint32 height
      geometry_msgs/Pose origin
      """),
  OCCUPANCY_GRID(
      "nav_msgs/OccupancyGrid",
      """
      std_msgs/Header header
      nav_msgs/MapMetaData info
      int8[] data
      """),
  OCCUPANCY_GRID_UPDATE(
      "map_msgs/OccupancyGridUpdate",
      """
      std_msgs/Header header
      int32 x
      int32 y
      uint32 width
      uint32 height
      int8[] data
      """),
  OCTOMAP(
      "octomap_msgs/Octomap",
      """
      std_msgs/Header header
      bool binary
      string id
      float64 resolution
      int8[] data
      """),
  KEY_VALUE(
      "diagnostic_msgs/KeyValue",
      """
      string key
      string value
      """),
  DIAGNOSTIC_STATUS(
      "diagnostic_msgs/DiagnosticStatus",
      """
      byte OK=0
      byte WARN=1
      byte ERROR=2
      byte STALE=3
      byte level
      string name
      string message
      string hardware_id
      diagnostic_msgs/KeyValue[] values
      """),
  DIAGNOSTIC_ARRAY(
      "diagnostic_msgs/DiagnosticArray",
      """
      std_msgs/Header header
      diagnostic_msgs/DiagnosticStatus[] status
      """),
  LOG(
      "rosgraph_msgs/Log",
      """
      byte DEBUG=1
      byte INFO=2
      byte WARN=4
      byte ERROR=8
      byte FATAL=16
      std_msgs/Header header
      byte level
      string name
      string msg
      string file
      string function
      uint32 line
      string[] topics
      """),
  CLOCK(
      "rosgraph_msgs/Clock",
      """
      time clock
      """);

  private final String typeName;
  private final String fields;

  Ros1Type(String typeName, String fields) {
    this.typeName = typeName;
    this.fields = fields;
  }

  /** The type of this name, or null if it is none of these. */
  public static @Nullable Ros1Type of(String typeName) {
    return Arrays.stream(values())
        .filter(t -> t.typeName.equals(typeName))
        .findFirst()
        .orElse(null);
  }

  /** E.g. {@code sensor_msgs/Image}. */
  public String typeName() {
    return typeName;
  }

  /** E.g. {@code sensor_msgs/msg/Image}. */
  public String ros2TypeName() {
    return typeName.replace("/", "/msg/");
  }

  /** Its own fields and constants, a line each. */
  String fields() {
    return fields;
  }

  public String md5() {
    return RosDefinition.md5(fields);
  }

  /** The fields, followed by those of every type used. */
  public String definition() {
    return RosDefinition.withEmbedded(fields);
  }
}
