package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The speed in a message that tells one.
 *
 * @param stamp null where the message has none ({@code geometry_msgs/Twist})
 * @param speedMps along the carrier's way, metres a second; backwards is negative
 * @param stdMps one standard deviation as the message says; NaN where it does not
 */
public record RosSpeed(@Nullable Timestamp stamp, double speedMps, double stdMps) {
  /** The types that tell a speed, the most telling first. */
  public static final Set<Ros1Type> TYPES =
      Set.of(Ros1Type.ODOMETRY, Ros1Type.TWIST_STAMPED, Ros1Type.TWIST);

  /**
   * A variance that is no measurement: drivers write 0 or huge numbers for what they do not know.
   */
  private static final double MAX_VARIANCE = 100;

  /**
   * @param type one of {@link #TYPES}
   * @throws MessageFormatException if the message is cut short or its speed not finite
   * @throws IllegalArgumentException if it is of another type
   */
  public static RosSpeed read(Ros1Type type, WireInput in) throws MessageFormatException {
    return switch (type) {
      case ODOMETRY -> ofOdometry(in);
      case TWIST_STAMPED -> {
        RosTwist twist = RosTwist.read(in);
        yield of(in, twist.header().stamp(), twist.twist(), Double.NaN);
      }
      case TWIST -> of(in, null, in.f64s(6, "twist"), Double.NaN);
      default -> throw new IllegalArgumentException(type.typeName() + " tells no speed");
    };
  }

  /** Whatever its pose: carriers that know nothing but their speed leave that unset. */
  private static RosSpeed ofOdometry(WireInput in) throws MessageFormatException {
    RosHeader header = in.header();
    in.text("child_frame_id");
    in.f64s(7, "pose.pose");
    in.f64s(36, "pose.covariance");
    double[] twist = in.f64s(6, "twist.twist");
    double variance = in.f64s(36, "twist.covariance")[0];
    boolean told = variance > 0 && variance < MAX_VARIANCE;
    return of(in, header.stamp(), twist, told ? Math.sqrt(variance) : Double.NaN);
  }

  private static RosSpeed of(WireInput in, @Nullable Timestamp stamp, double[] twist, double stdMps)
      throws MessageFormatException {
    double speed = Math.sqrt(twist[0] * twist[0] + twist[1] * twist[1] + twist[2] * twist[2]);
    if (!Double.isFinite(speed)) {
      throw in.refuse("twist.linear", "is not finite");
    }
    return new RosSpeed(stamp, twist[0] < 0 ? -speed : speed, stdMps);
  }
}
