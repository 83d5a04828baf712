package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;

/** The fields of {@code geometry_msgs/Pose} and {@code Transform}, which are alike on the wire. */
final class RosPose {
  private RosPose() {}

  /**
   * @param field where the pose is, for error messages
   * @throws MessageFormatException if it is cut short, not finite or holds no rotation
   */
  static Se3 read(WireInput in, String field) throws MessageFormatException {
    double[] p = in.f64s(3, field + ".position");
    double[] q = in.f64s(4, field + ".orientation");
    double norm = q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3];
    if (!(norm > 0) || Double.isInfinite(norm)) {
      throw in.refuse(field + ".orientation", "is no rotation");
    }
    if (!Double.isFinite(p[0] + p[1] + p[2])) {
      throw in.refuse(field + ".position", "is not finite");
    }
    return Se3.ofQuaternion(q[0], q[1], q[2], q[3], p[0], p[1], p[2]);
  }

  static void write(WireOutput out, Se3 pose) {
    out.fixedF64s(pose.translation()).fixedF64s(pose.quaternion());
  }
}
