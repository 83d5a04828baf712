package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;

/**
 * How far a camera may have gone and turned while nothing told its motion: what it did of late goes
 * on, give or take all of it, and beside that a camera in a hand or on a robot may begin to move at
 * any time. Agent thread only.
 */
final class UnseenMotion {
  /** One standard deviation of how fast a camera turns of which nothing is known. */
  private static final double USUAL_TURN_RAD_S = 0.5;

  /** Likewise of how fast it goes, typical depths a second. */
  private static final double USUAL_SPEED_DEPTHS_S = 0.5;

  /** Of a direction of which nothing is known: spread evenly over half a turn to either side. */
  private static final double MAX_TURN_STD_RAD = Math.PI / Math.sqrt(3);

  /** Pictures over which the mean is taken of how fast the camera went. */
  private static final int MEMORY = 10;

  private double turn2; // mean square, rad/s
  private double speed2; // mean square, unit of odom a second
  private int pictures;

  /** A motion was seen. */
  void seen(Se3 T_cur_prev, double intervalS) {
    if (!(intervalS > 0)) {
      return;
    }
    pictures = Math.min(pictures + 1, MEMORY);
    double turn = T_cur_prev.angleRad() / intervalS;
    double speed = T_cur_prev.distance() / intervalS;
    turn2 += (turn * turn - turn2) / pictures;
    speed2 += (speed * speed - speed2) / pictures;
  }

  /** Another unit of length. */
  void rescale(double factor) {
    speed2 *= factor * factor;
  }

  /** One standard deviation of the turn about each axis, radians. */
  double turnStdRad(double unseenS) {
    double rate = Math.sqrt(turn2 + USUAL_TURN_RAD_S * USUAL_TURN_RAD_S);
    return Math.min(rate * unseenS, MAX_TURN_STD_RAD);
  }

  /** One standard deviation of the way along each axis, unit of odom. */
  double wayStd(double unseenS, double typicalDepth) {
    double usual = USUAL_SPEED_DEPTHS_S * typicalDepth;
    return Math.sqrt(speed2 + usual * usual) * unseenS;
  }
}
