package dev.parallax.perception.inertial;

import dev.parallax.perception.frame.ScaleBelief;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the unit of length to metres by the accelerometer: every fifth of a second the poses of the
 * last six seconds are aligned with the readings in between ({@link InertialAlignment}), with what
 * was believed when those seconds began as a prior, so that no reading counts twice. Scale is told
 * by acceleration alone: while there is too little of it, nothing is said. Agent thread only.
 */
public final class InertialScale implements ScaleBelief {
  private static final double NODE_PERIOD_S = 0.2;
  private static final int WINDOW_NODES = 30;
  private static final int MIN_NODES = 8;

  /** From here on the scale may be called metres. */
  private static final double MAX_FIRST_STD = 0.05;

  /** Steps that disagree with the accelerometer by more are not those of this sensor. */
  private static final double MAX_MISFIT = 4;

  private static final double MAX_GRAVITY_ERROR_MPS2 = 0.5;

  /** The pictures' places are off by less, in metres or as a share of the way that was seen. */
  private static final double MAX_PLACE_STD_M = 0.03;

  private static final double MAX_PLACE_SHARE = 0.05;

  private static final double USUAL_RATE = 0.02;

  private record Entry(InertialNode node, @Nullable InertialBelief after) {}

  private final Deque<Entry> window = new ArrayDeque<>();
  private InertialBelief belief = InertialBelief.none();
  private InertialBelief start = belief; // where the window's first node has none of its own
  private @Nullable Preintegration open;
  private boolean known;
  private int refusals;
  private double usualForceMps2 = Double.NaN;

  @Override
  public boolean isKnown() {
    return known;
  }

  @Override
  public double scale() {
    return belief.scale();
  }

  @Override
  public double relativeStd() {
    return belief.relativeStd();
  }

  /** {@code [3]} gravity in odom, m/s2; zero while nothing is known of it. */
  public double[] gravity_odom() {
    return Arrays.copyOfRange(belief.mean(), InertialBelief.GRAVITY, InertialBelief.BIAS);
  }

  /** How many more windows were not believed than were, of late. */
  public int refusals() {
    return refusals;
  }

  /** How long the accelerometer's readings usually are; NaN before the first. */
  public double usualForceMps2() {
    return usualForceMps2;
  }

  /** Begins anew: the unit of length and odom's axes are unknown again. */
  @Override
  public void forget() {
    belief = belief.forgotten();
    known = false;
    breakOff();
  }

  @Override
  public void resume(double relativeStd) {
    belief = InertialBelief.none().withScaleStd(relativeStd);
    known = true;
    breakOff();
  }

  /** Poses or readings do not follow on those before. */
  public void breakOff() {
    window.clear();
    open = null;
    start = belief;
  }

  /**
   * The unit of length was changed.
   *
   * @param fixed_odom {@code [3]} the point of odom that stayed
   */
  public void rescale(double factor, double[] fixed_odom) {
    List<Entry> entries = new ArrayList<>(window);
    window.clear();
    for (Entry e : entries) {
      InertialBelief after = e.after == null ? null : e.after.rescaled(factor);
      window.add(new Entry(e.node.rescaled(factor, fixed_odom), after));
    }
    belief = belief.rescaled(factor);
    start = start.rescaled(factor);
  }

  /**
   * Learns from a pose and the readings since the one before.
   *
   * @param T_odom_cam in the unit of length as it stands
   * @param since null for the first, or where nothing is known of the time before
   * @param T_cam_imu where the sensor sits
   * @param gyroBias {@code [3]} rad/s
   * @return what lengths are to be multiplied by; empty if all stays as it is. {@link #rescale} is
   *     to be told once they are
   */
  public Optional<Double> observe(
      Timestamp stamp,
      Se3 T_odom_cam,
      @Nullable InertialSpan since,
      Se3 T_cam_imu,
      double[] gyroBias) {
    Preintegration readings = open;
    if (window.isEmpty() || since == null || readings == null) {
      breakOff();
      window.add(new Entry(node(stamp, T_odom_cam, T_cam_imu, null), null));
      open = new Preintegration(gyroBias);
      return Optional.empty();
    }
    readings.add(since);
    double force = InertialAlignment.norm(since.meanAccelMps2());
    usualForceMps2 =
        Double.isNaN(usualForceMps2)
            ? force
            : usualForceMps2 + USUAL_RATE * (force - usualForceMps2);
    if (stamp.secondsSince(window.getLast().node.stamp()) < NODE_PERIOD_S) {
      return Optional.empty();
    }
    InertialNode node = node(stamp, T_odom_cam, T_cam_imu, readings);
    open = new Preintegration(gyroBias);
    InertialBelief after = align(node);
    window.add(new Entry(node, after));
    if (window.size() > WINDOW_NODES) {
      window.removeFirst();
    }
    return after != null && mayTell() ? Optional.of(after.scale()) : Optional.empty();
  }

  private boolean mayTell() {
    known |= belief.relativeStd() < MAX_FIRST_STD;
    return known;
  }

  private @Nullable InertialBelief align(InertialNode newest) {
    if (window.size() + 1 < MIN_NODES) {
      return null;
    }
    List<InertialNode> nodes = new ArrayList<>();
    window.forEach(e -> nodes.add(e.node));
    nodes.add(newest);
    Optional<InertialAlignment.Found> found = InertialAlignment.of(nodes, prior(newest));
    boolean inMetres =
        AccelerometerUnit.of(usualForceMps2) == AccelerometerUnit.METRES_PER_SECOND_SQUARED;
    if (!inMetres || found.isEmpty() || !isOfThisSensor(found.get(), nodes)) {
      refusals++;
      return null;
    }
    refusals = Math.max(0, refusals - 1);
    belief = found.get().belief();
    return belief;
  }

  /** One in another unit fits no way that was seen, or no gravity. */
  private static boolean isOfThisSensor(InertialAlignment.Found found, List<InertialNode> nodes) {
    double extent = 0;
    for (InertialNode node : nodes) {
      extent = Math.max(extent, nodes.get(0).distance(node));
    }
    double most = Math.max(MAX_PLACE_STD_M, MAX_PLACE_SHARE * extent * found.belief().scale());
    double[] mean = found.belief().mean();
    double[] g = Arrays.copyOfRange(mean, InertialBelief.GRAVITY, InertialBelief.BIAS);
    double error = Math.abs(InertialAlignment.norm(g) - InertialAlignment.GRAVITY_MPS2);
    return found.placeStdM() < most
        && found.misfit() < MAX_MISFIT
        && error < MAX_GRAVITY_ERROR_MPS2;
  }

  /** What was believed at the window's first node, grown to hold for the whole window. */
  private InertialBelief prior(InertialNode newest) {
    Entry first = window.getFirst();
    double wayM = 0;
    Iterator<Entry> entries = window.iterator();
    InertialNode last = entries.next().node;
    while (entries.hasNext()) {
      InertialNode next = entries.next().node;
      wayM += last.distance(next);
      last = next;
    }
    InertialBelief then = first.after != null ? first.after : start;
    return then.later(newest.stamp().secondsSince(first.node.stamp()), wayM * then.scale());
  }

  private static InertialNode node(
      Timestamp stamp, Se3 T_odom_cam, Se3 T_cam_imu, @Nullable Preintegration since) {
    Se3 R_odom_cam = T_odom_cam.rotationOnly();
    return new InertialNode(
        stamp,
        T_odom_cam.translation(),
        R_odom_cam.times(T_cam_imu.rotationOnly()).normalised(),
        R_odom_cam.transform(T_cam_imu.tx(), T_cam_imu.ty(), T_cam_imu.tz()),
        since);
  }
}
