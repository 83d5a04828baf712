package dev.parallax.sim.scene;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.SplittableRandom;

/**
 * What the wheels of the camera's carrier tell: the camera's own speed along its way, with noise.
 *
 * @param rateHz readings a second
 * @param stdMps noise of each reading, independent of the others
 */
public record SpeedSensor(SimulatedSequence sequence, double rateHz, double stdMps) {
  /** As wheel encoders are usually read. */
  public static final double USUAL_RATE_HZ = 20;

  /** Over so long the way is looked at to tell its speed; the motion is smooth at that scale. */
  private static final double HALF_STEP_S = 1e-3;

  public SpeedSensor {
    if (!(rateHz > 0 && rateHz <= 1000) || !(stdMps >= 0 && stdMps < 100)) {
      throw new IllegalArgumentException(
          "A speed sensor has 0 to 1000 readings a second and a std of 0 to 100 m/s, got %s and %s"
              .formatted(rateHz, stdMps));
    }
  }

  /** How many readings there are from the first picture to past the last. */
  public int count() {
    SimulationConfig config = sequence.config();
    return 2 + (int) Math.ceil((config.frames() - 1) / config.fps() * rateHz);
  }

  /** When a reading is taken; the first with the first picture. */
  public Timestamp stamp(int index) {
    return new Timestamp(SimulatedSequence.START_NS + Math.round(index * 1e9 / rateHz));
  }

  /** The speed read, metres a second; negative where the camera moves backwards. */
  public double speedMps(int index) {
    double timeS = index / rateHz;
    Se3 before = sequence.trajectory().T_world_cam(timeS - HALF_STEP_S);
    Se3 after = sequence.trajectory().T_world_cam(timeS + HALF_STEP_S);
    Se3 T_before_after = before.inverse().times(after);
    double speed = T_before_after.distance() / (2 * HALF_STEP_S);
    // One that mixes its seed well: the first numbers of neighbouring seeds are else alike.
    SplittableRandom random = new SplittableRandom(sequence.config().seed() * 1_000_003L + index);
    double noise = stdMps * random.nextGaussian();
    return (T_before_after.tz() < 0 ? -speed : speed) + noise;
  }
}
