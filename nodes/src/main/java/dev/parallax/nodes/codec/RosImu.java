package dev.parallax.nodes.codec;

/**
 * {@code sensor_msgs/Imu}; a covariance whose first element is -1 means that the sensor has no such
 * reading.
 *
 * @param orientation quaternion x, y, z, w; often all zero
 * @param angularVelocity rad/s about x, y, z of the header's frame
 * @param linearAcceleration m/s^2 along them, gravity included
 */
public record RosImu(
    RosHeader header,
    double[] orientation,
    double[] orientationCovariance,
    double[] angularVelocity,
    double[] angularVelocityCovariance,
    double[] linearAcceleration,
    double[] linearAccelerationCovariance)
    implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosImu read(WireInput in) throws MessageFormatException {
    return new RosImu(
        in.header(),
        in.f64s(4, "orientation"),
        in.f64s(9, "orientation_covariance"),
        in.f64s(3, "angular_velocity"),
        in.f64s(9, "angular_velocity_covariance"),
        in.f64s(3, "linear_acceleration"),
        in.f64s(9, "linear_acceleration_covariance"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.IMU;
  }

  @Override
  public void write(WireOutput out) {
    out.header(header)
        .fixedF64s(orientation)
        .fixedF64s(orientationCovariance)
        .fixedF64s(angularVelocity)
        .fixedF64s(angularVelocityCovariance)
        .fixedF64s(linearAcceleration)
        .fixedF64s(linearAccelerationCovariance);
  }
}
