package dev.parallax.perception.inertial;

import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns of the camera from a gyroscope. It is believed once it was seen to turn as the pictures do,
 * for as long as it does: the last hundred turns between pictures are held against each other,
 * which also tells its bias and, where nobody says how it is mounted, its mounting. Agent thread
 * only.
 */
public final class GyroTurns {
  private static final int PAIRS = 120;
  private static final int MIN_PAIRS = 15;
  private static final int PAIRS_TO_JUDGE_ANEW = 5;

  /** A camera that turns more slowly tells nothing of a gyroscope. */
  private static final double MIN_SIGNAL_RADPS = 0.04;

  /** Shares of the turns' variance to begin with, and to go on. */
  private static final double BELIEVED = 0.9;

  private static final double DOUBTED = 0.6;

  /** What a fit leaves unexplained may be so many times what another leaves, and a little. */
  private static final double MUCH_WORSE = 4;

  private static final double LITTLE_LEFT = 0.005;

  /** Judgements in a row that doubt it before it is said to be wrong. */
  private static final int PATIENCE = 3;

  /** Few turns, or turns about one axis alone, do not tell a mounting. */
  private static final double MIN_CONDITIONING = 0.1;

  private static final int MIN_PAIRS_FOR_MOUNTING = 40;

  /** A unit that is off by more is not what a lens or a gyroscope is usually off by. */
  private static final double MAX_SCALE_ERROR = 0.12;

  /** What its own scale and the pictures' are usually off by. */
  private static final double SCALE_STD = 0.01;

  private static final double MIN_STD_RAD = 2e-4;
  private static final int READINGS_TO_BE_ABSENT = 60;

  /** Less is a mounting that was not measured well. */
  private static final double MAX_MOUNTING_ERROR_RAD = Math.toRadians(20);

  private final double[] gyro = new double[3 * PAIRS];
  private final double[] camera = new double[3 * PAIRS];
  private final GyroBias bias = new GyroBias();
  private int count;
  private int next;
  private int sinceJudged;
  private int doubts;
  private int zeroReadings;
  private boolean everTurned;
  private double meanSeconds;
  private double residualRadps;
  private @Nullable Se3 given;
  private @Nullable Se3 R_cam_imu;
  private GyroVerdict verdict = GyroVerdict.of(GyroVerdict.State.LEARNING);

  /** What is thought of the gyroscope now. */
  public GyroVerdict verdict() {
    return verdict;
  }

  /** The mounting's rotation: as given, else as found; null while it is not known. */
  public @Nullable Se3 R_cam_imu() {
    return given != null ? given : R_cam_imu;
  }

  /** {@code [3]} what it reads at rest; not to be changed. */
  public double[] biasRadps() {
    return bias.radps();
  }

  /** One standard deviation of that. */
  public double biasStdRadps() {
    return bias.std();
  }

  /** Takes a mounting from elsewhere; null where nobody says. */
  public void mount(@Nullable Se3 T_cam_imu) {
    given = T_cam_imu == null ? null : T_cam_imu.rotationOnly();
  }

  /** How the camera turned over a span; empty while the gyroscope is not believed. */
  public Optional<TurnPrediction> predict(InertialSpan span) {
    Se3 R = R_cam_imu();
    if (verdict.state() != GyroVerdict.State.TRUSTED || R == null) {
      return Optional.empty();
    }
    Se3 R_prev_cur = R.times(span.R_begin_end(bias.radps())).times(R.inverse());
    double seconds = span.seconds();
    // What is left over from picture to picture adds up as independent errors do.
    double scatter = residualRadps * Math.sqrt(meanSeconds * seconds);
    double drift = bias.std() * seconds;
    double scale = SCALE_STD * R_prev_cur.angleRad();
    double std = Math.sqrt(scatter * scatter + drift * drift + scale * scale);
    return Optional.of(
        new TurnPrediction(R_prev_cur.inverse().normalised(), Math.max(std, MIN_STD_RAD)));
  }

  /** Learns from a span over which the pictures show how the camera turned. */
  public void observe(InertialSpan span, Se3 T_cur_prev) {
    lookForZeros(span);
    bias.wander(span.seconds());
    double[] c = T_cur_prev.inverse().rotationVector();
    double[] g = span.R_begin_end(new double[3]).rotationVector();
    for (int k = 0; k < 3; k++) {
      gyro[3 * next + k] = g[k] / span.seconds();
      camera[3 * next + k] = c[k] / span.seconds();
    }
    next = (next + 1) % PAIRS;
    count = Math.min(count + 1, PAIRS);
    meanSeconds += (span.seconds() - meanSeconds) / count;
    if (++sinceJudged >= PAIRS_TO_JUDGE_ANEW && count >= MIN_PAIRS) {
      sinceJudged = 0;
      judge();
    }
  }

  /** Learns from a span over which the pictures show that the camera rests. */
  public void observeRest(InertialSpan span) {
    lookForZeros(span);
    bias.wander(span.seconds());
    bias.rest(span);
  }

  private void lookForZeros(InertialSpan span) {
    boolean zero = Arrays.stream(span.gyroRadps()).allMatch(v -> v == 0);
    everTurned |= !zero;
    zeroReadings += span.nanos().length;
    if (!everTurned && zeroReadings > READINGS_TO_BE_ABSENT) {
      verdict = GyroVerdict.of(GyroVerdict.State.ABSENT);
    }
  }

  private void judge() {
    double[] g = Arrays.copyOf(gyro, 3 * count);
    double[] c = Arrays.copyOf(camera, 3 * count);
    if (!everTurned || GyroFit.rms(c) < MIN_SIGNAL_RADPS) {
      return;
    }
    Optional<GyroFit> found = GyroFit.of(g, c, given);
    if (found.isEmpty()) {
      return;
    }
    GyroFit fit = found.get();
    boolean rightUnit = Math.abs(factor(g, c, fit) - 1) < MAX_SCALE_ERROR;
    boolean otherwise = isExplainedOtherwise(fit, g, c);
    if (fit.explained() > BELIEVED && rightUnit && !otherwise) {
      doubts = 0;
      believe(fit);
    } else if (fit.explained() < DOUBTED || !rightUnit || otherwise) {
      if (++doubts >= PATIENCE) {
        verdict = fault(g, c);
      }
    }
  }

  /** Whether other axes, or axes in a mirror, leave much less unexplained. */
  private boolean isExplainedOtherwise(GyroFit fit, double[] g, double[] c) {
    GyroFit free = free(g, c);
    return left(fit) > MUCH_WORSE * left(mirror(g, c))
        || isOtherMounting(free) && left(fit) > MUCH_WORSE * left(free);
  }

  private boolean isOtherMounting(GyroFit free) {
    return given != null
        && given.inverse().times(free.R_cam_imu()).angleRad() > MAX_MOUNTING_ERROR_RAD;
  }

  private static double left(GyroFit fit) {
    return 1 - fit.explained() + LITTLE_LEFT;
  }

  private static GyroFit free(double[] g, double[] c) {
    return GyroFit.of(g, c, null).orElseThrow();
  }

  /** Any reflection is a turn of what looks the other way. */
  private static GyroFit mirror(double[] g, double[] c) {
    return free(scaled(g, -1), c);
  }

  private static double[] scaled(double[] v, double factor) {
    double[] scaled = v.clone();
    for (int i = 0; i < v.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private void believe(GyroFit fit) {
    residualRadps = fit.residualRadps();
    bias.learn(fit.biasRadps(), residualRadps * residualRadps / PAIRS_TO_JUDGE_ANEW);
    if (given == null && count >= MIN_PAIRS_FOR_MOUNTING && fit.conditioning() > MIN_CONDITIONING) {
      R_cam_imu = fit.R_cam_imu();
    }
    if (R_cam_imu() != null) {
      verdict = GyroVerdict.of(GyroVerdict.State.TRUSTED);
    }
  }

  /** How many times as fast the gyroscope turns, by what a fit leaves of direction. */
  private static double factor(double[] g, double[] c, GyroFit fit) {
    double[] b = fit.biasRadps();
    double along = 0;
    double square = 0;
    for (int i = 0; i < g.length; i += 3) {
      double[] t = fit.R_cam_imu().transform(g[i] - b[0], g[i + 1] - b[1], g[i + 2] - b[2]);
      for (int k = 0; k < 3; k++) {
        along += t[k] * c[i + k];
        square += t[k] * t[k];
      }
    }
    return square / Math.max(Math.abs(along), 1e-12 * square);
  }

  private GyroVerdict fault(double[] g, double[] c) {
    double factor = GyroFit.rms(g) / GyroFit.rms(c);
    double[] scaled = scaled(g, 1 / factor);
    GyroFit asGiven = GyroFit.of(scaled, c, given).orElseThrow();
    GyroFit free = free(scaled, c);
    GyroFit mirror = mirror(scaled, c);
    boolean rightUnit = Math.abs(factor - 1) < 2 * MAX_SCALE_ERROR;
    if (asGiven.explained() > BELIEVED && !rightUnit) {
      return new GyroVerdict(GyroVerdict.State.OTHER_UNIT, factor, "");
    }
    if (Math.max(free.explained(), mirror.explained()) < BELIEVED) {
      return GyroVerdict.of(GyroVerdict.State.UNRELATED);
    }
    if (mirror.explained() > free.explained()) {
      return new GyroVerdict(GyroVerdict.State.MIRRORED, 1, axes(mirror, -1));
    }
    return isOtherMounting(free)
        ? new GyroVerdict(GyroVerdict.State.OTHER_AXES, 1, axes(free, 1))
        : GyroVerdict.of(GyroVerdict.State.UNRELATED);
  }

  /** Each axis of the sensor as mounted, in the axes that it reads; empty if that is not known. */
  private String axes(GyroFit fit, double sign) {
    return given == null
        ? ""
        : AxisNames.of(scaled(given.inverse().times(fit.R_cam_imu()).rotation(), sign));
  }
}
