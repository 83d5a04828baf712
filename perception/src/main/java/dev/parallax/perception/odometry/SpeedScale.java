package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.DrivenWay;
import dev.parallax.perception.frame.ScaleBelief;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Holds the unit of length to metres from a driven way: a Kalman filter on the logarithm of the
 * scale, whose measurement is the way driven over the way seen, step by step. A step is a frame
 * where that is long enough against the speed's noise, else several. How far single steps scatter
 * is learnt; the step itself is then as long as both tell it, each by its variance. Agent thread
 * only.
 */
public final class SpeedScale implements ScaleBelief {
  /** A step whose driven way is less sure than this, relative, is made longer. */
  private static final double MAX_STEP_STD = 0.03;

  private static final double MIN_STEP_M = 0.02;

  /** A step that takes longer tells nothing: the camera hardly moves. */
  private static final double MAX_STEP_S = 3;

  /** The first depths are the least tested: how far their scale may still change. */
  private static final double FIRST_STD = 0.05;

  /** The first step goes back to the start and may be bent; a way and its chord then differ. */
  private static final double MAX_FIRST_TURN_RAD = 0.4;

  /** How far odometry's log scale wanders over a metre: 1 to 4 % over ten metres in a town. */
  private static final double WANDER_STD_PER_ROOT_M = 0.005;

  /** How far single steps seen scatter: at first, at least, and how fast that is learnt. */
  private static final double FIRST_SCATTER = 0.03;

  private static final double MIN_SCATTER = 0.005;
  private static final double SCATTER_RATE = 0.02;

  /** How far beside the carrier's middle the camera may sit, whose way differs in a turn. */
  private static final double LEVER_M = 0.2;

  /** Steps are seen with coarse errors now and then; what lasts is told by their mean. */
  private static final double STEP_GATE_SIGMAS = 6;

  private static final double MEAN_GATE_SIGMAS = 4;

  /** Weight of a new step in the mean that a lasting disagreement is told by. */
  private static final double MEAN_RATE = 0.15;

  /**
   * Doubt that grows while driven and seen way disagree: wheels that slip by half are not believed
   * for some seconds, after which odometry is no more.
   */
  private static final double DISAGREEMENT_STD_PER_ROOT_S = 0.06;

  private static final double MAX_VARIANCE = 0.25;

  /**
   * The first steps of a camera that already drives may be seen wrongly, and one of them agrees by
   * chance: so many in a row that agree confirm the scale, and before, so many that contradict it
   * say that it is begun with anew.
   */
  private static final int STEPS_THAT_CONFIRM = 10;

  private static final int STEPS_AGAINST_THE_FIRST = 5;

  private record Mark(Timestamp stamp, Se3 T_odom_cam, DrivenWay driven) {}

  private @Nullable Mark start;
  private double scale = 1; // metres in the unit of length as it stands
  private double variance = Double.NaN; // of its logarithm
  private double scatterVariance = FIRST_SCATTER * FIRST_SCATTER;
  private double meanDisagreement;
  private int refusedInARow;
  private int agreed; // steps in a row, until they confirm the scale

  /**
   * What is learnt from a step.
   *
   * @param factor what all lengths are to be multiplied by
   * @param stepFactor what the step seen is to be multiplied by, whose end the camera is at
   */
  public record Correction(double factor, double stepFactor) {}

  @Override
  public double scale() {
    return scale;
  }

  @Override
  public boolean isKnown() {
    return !Double.isNaN(variance);
  }

  /** One standard deviation of the scale over the scale, but for the sensor's own; NaN unknown. */
  @Override
  public double relativeStd() {
    return Math.sqrt(variance);
  }

  /** How many steps in a row were not believed. */
  public int refusedInARow() {
    return refusedInARow;
  }

  @Override
  public void forget() {
    scale = 1;
    variance = Double.NaN;
    agreed = 0;
    refusedInARow = 0;
    meanDisagreement = 0;
    start = null;
  }

  @Override
  public void resume(double relativeStd) {
    scale = 1;
    variance = relativeStd * relativeStd;
    agreed = STEPS_THAT_CONFIRM;
  }

  /**
   * The unit of length was changed.
   *
   * @param from_odom {@code [3]} the point of odom that lengths were multiplied from
   * @param to_odom {@code [3]} where that point is now
   */
  public void rescale(double factor, double[] from_odom, double[] to_odom) {
    if (isKnown()) {
      scale /= factor;
    }
    if (start != null) {
      UnitChange change = new UnitChange(factor, from_odom, to_odom);
      start = new Mark(start.stamp, change.movedCamera(start.T_odom_cam), start.driven);
    }
  }

  /** Whether the step under way begins at this moment. */
  public boolean begins(Timestamp stamp) {
    return start != null && start.stamp.equals(stamp);
  }

  /** A step begins here: all before it is settled. */
  public void begin(Timestamp stamp, Se3 T_odom_cam, @Nullable DrivenWay driven) {
    start = driven == null ? null : new Mark(stamp, T_odom_cam, driven);
  }

  /** Whether a step is under way that this driven way continues. */
  public boolean hasBegun(@Nullable DrivenWay driven) {
    return start != null && driven != null && start.driven.run() == driven.run();
  }

  /**
   * Learns from a frame whose pose has a scale.
   *
   * @param T_odom_cam in the unit of length as it stands
   * @return empty if all stays as it is; else {@link #rescale} is to be told what became of lengths
   *     and {@link #begin} where the camera is then
   */
  public Optional<Correction> observe(Timestamp stamp, Se3 T_odom_cam, @Nullable DrivenWay driven) {
    Mark from = start;
    if (from == null || driven == null || !hasBegun(driven)) {
      begin(stamp, T_odom_cam, driven);
      return Optional.empty();
    }
    Step step = Step.between(from, stamp, T_odom_cam, driven);
    if (!step.isLongEnough()) {
      if (isKnown() && step.seconds > MAX_STEP_S) {
        begin(stamp, T_odom_cam, driven);
      }
      return Optional.empty();
    }
    begin(stamp, T_odom_cam, driven);
    return isKnown() ? correct(step) : first(step);
  }

  /** What lengths would be multiplied by, by the step so far; nothing is learnt. */
  public OptionalDouble guess(Timestamp stamp, Se3 T_odom_cam, @Nullable DrivenWay driven) {
    Mark from = start;
    if (from == null || driven == null || !hasBegun(driven)) {
      return OptionalDouble.empty();
    }
    Step step = Step.between(from, stamp, T_odom_cam, driven);
    return step.isLongEnough() && step.seen > 0
        ? OptionalDouble.of(step.wayM / step.seen)
        : OptionalDouble.empty();
  }

  private Optional<Correction> first(Step step) {
    if (step.turnRad > MAX_FIRST_TURN_RAD || !(step.seen > 0)) {
      return Optional.empty();
    }
    variance = step.relativeVariance() + FIRST_STD * FIRST_STD;
    scale = step.wayM / step.seen;
    return Optional.of(new Correction(scale, scale));
  }

  private Optional<Correction> correct(Step step) {
    variance += WANDER_STD_PER_ROOT_M * WANDER_STD_PER_ROOT_M * step.wayM;
    double logFactor = Math.log(step.wayM / step.seen) - Math.log(scale);
    double driven = step.relativeVariance();
    if (disagrees(logFactor, driven)) {
      refusedInARow++;
      agreed = isConfirmed() ? agreed : 0;
      if (!isConfirmed() && refusedInARow >= STEPS_AGAINST_THE_FIRST) {
        refusedInARow = 0;
        meanDisagreement = 0;
        return first(step);
      }
      double doubt = DISAGREEMENT_STD_PER_ROOT_S * DISAGREEMENT_STD_PER_ROOT_S * step.seconds;
      variance = Math.min(MAX_VARIANCE, variance + doubt);
      return Optional.empty();
    }
    refusedInARow = 0;
    agreed++;
    double expected = variance + scatterVariance + driven;
    double gain = variance / expected;
    double stepGain = (variance + scatterVariance) / expected;
    variance *= 1 - gain;
    meanDisagreement -= gain * logFactor; // of a mean of what is left after this correction
    scatterVariance += SCATTER_RATE * (logFactor * logFactor - scatterVariance);
    scatterVariance = Math.max(MIN_SCATTER * MIN_SCATTER, scatterVariance);
    double stepFactor = scale * Math.exp(stepGain * logFactor);
    scale *= Math.exp(gain * logFactor);
    return Optional.of(new Correction(scale, stepFactor));
  }

  private boolean isConfirmed() {
    return agreed >= STEPS_THAT_CONFIRM;
  }

  /** Whether the step, or the mean of the last, cannot be what scale and scatter leave open. */
  private boolean disagrees(double logFactor, double driven) {
    // Written so that a camera that was not seen to move, whose logarithm is infinite, disagrees.
    double step = STEP_GATE_SIGMAS * STEP_GATE_SIGMAS * (variance + scatterVariance + driven);
    if (!(logFactor * logFactor <= step)) {
      meanDisagreement +=
          MEAN_RATE * (Math.copySign(Math.sqrt(step), logFactor) - meanDisagreement);
      return true;
    }
    meanDisagreement += MEAN_RATE * (logFactor - meanDisagreement);
    double ofMean = variance + MEAN_RATE / (2 - MEAN_RATE) * (scatterVariance + driven);
    return meanDisagreement * meanDisagreement > MEAN_GATE_SIGMAS * MEAN_GATE_SIGMAS * ofMean;
  }

  /**
   * Way driven and seen between two frames.
   *
   * @param varianceM2 of what the way seen may be off from the way driven with the right scale
   */
  private record Step(double wayM, double seen, double turnRad, double varianceM2, double seconds) {
    static Step between(Mark from, Timestamp stamp, Se3 T_odom_cam, DrivenWay driven) {
      Se3 T_from_now = from.T_odom_cam.inverse().times(T_odom_cam);
      double wayM = Math.abs(driven.wayM() - from.driven.wayM());
      double turn = T_from_now.angleRad();
      double beside = LEVER_M * turn;
      double bent = wayM * turn * turn / 24; // a chord against its arc
      double variance = Math.max(0, driven.varianceM2() - from.driven.varianceM2());
      return new Step(
          wayM,
          T_from_now.distance(),
          turn,
          variance + beside * beside + bent * bent,
          stamp.secondsSince(from.stamp));
    }

    double relativeVariance() {
      return varianceM2 / (wayM * wayM);
    }

    boolean isLongEnough() {
      return wayM > MIN_STEP_M && relativeVariance() < MAX_STEP_STD * MAX_STEP_STD;
    }
  }
}
