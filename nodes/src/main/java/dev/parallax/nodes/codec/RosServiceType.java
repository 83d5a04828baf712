package dev.parallax.nodes.codec;

/** The ROS services provided or called here, from definitions of our own. */
public enum RosServiceType {
  EMPTY("std_srvs/Empty", "", ""),
  TRIGGER(
      "std_srvs/Trigger",
      "",
      """
      bool success
      string message
      """),
  /** As robot_localization has it; there is no such service in ROS's own packages. */
  SET_POSE(
      "robot_localization/SetPose",
      """
      geometry_msgs/PoseWithCovarianceStamped pose
      """,
      "");

  private final String typeName;
  private final String request;
  private final String response;

  RosServiceType(String typeName, String request, String response) {
    this.typeName = typeName;
    this.request = request;
    this.response = response;
  }

  /** E.g. {@code std_srvs/Trigger}. */
  public String typeName() {
    return typeName;
  }

  public String md5() {
    return RosDefinition.md5(request, response);
  }
}
