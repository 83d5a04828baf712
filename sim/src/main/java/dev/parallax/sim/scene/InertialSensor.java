package dev.parallax.sim.scene;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An inertial sensor fixed to the camera: how fast it turns and the specific force that it feels,
 * along its own axes, with noise and a bias that wanders. It begins half a second before the first
 * picture, as drivers usually do. Immutable.
 */
public final class InertialSensor {
  public static final double USUAL_RATE_HZ = 200;
  private static final double LEAD_S = 0.5;
  private static final double TRAIL_S = 0.05;
  private static final double GRAVITY_MPS2 = 9.81;

  /** Over so long the way is looked at; the motion is smooth at that scale. */
  private static final double HALF_STEP_S = 2e-3;

  private final double rateHz;
  private final Se3 T_cam_imu;
  private final double[] gyro;
  private final double[] accel;

  /**
   * @param T_cam_imu where the sensor sits, in the camera's optical frame
   */
  public InertialSensor(
      SimulatedSequence sequence, double rateHz, InertialNoise noise, Se3 T_cam_imu) {
    if (!(rateHz > 0 && rateHz <= 2000)) {
      throw new IllegalArgumentException(
          "An inertial sensor has 0 to 2000 readings a second, got " + rateHz);
    }
    this.rateHz = rateHz;
    this.T_cam_imu = T_cam_imu;
    SimulationConfig config = sequence.config();
    double lengthS = LEAD_S + (config.frames() - 1) / config.fps() + TRAIL_S;
    int count = 1 + (int) Math.ceil(lengthS * rateHz);
    gyro = new double[3 * count];
    accel = new double[3 * count];
    for (int i = 0; i < count; i++) {
      read(sequence.trajectory(), i / rateHz - LEAD_S, 3 * i);
    }
    spoil(noise, config.seed());
  }

  /** With the usual rate, noise and mounting. */
  public static InertialSensor typical(SimulatedSequence sequence) {
    return new InertialSensor(sequence, USUAL_RATE_HZ, InertialNoise.typical(), usualMounting());
  }

  /** Behind the camera, x forward, y left, z up. */
  public static Se3 usualMounting() {
    return Se3.of(new double[] {0, -1, 0, 0, 0, -1, 1, 0, 0}, new double[] {0.03, 0.02, -0.05});
  }

  public Se3 T_cam_imu() {
    return T_cam_imu;
  }

  /** How many readings there are. */
  public int count() {
    return gyro.length / 3;
  }

  public Timestamp stamp(int index) {
    return new Timestamp(SimulatedSequence.START_NS + Math.round((index / rateHz - LEAD_S) * 1e9));
  }

  /** {@code [3]} rad/s. */
  public double[] gyroRadps(int index) {
    return Arrays.copyOfRange(gyro, 3 * index, 3 * index + 3);
  }

  /** {@code [3]} m/s2, at rest 9.81 upwards. */
  public double[] accelMps2(int index) {
    return Arrays.copyOfRange(accel, 3 * index, 3 * index + 3);
  }

  /** The readings of the last seconds before a picture, and the first that is not before it. */
  public InertialSamples before(Timestamp picture, double seconds) {
    int end = 0;
    while (end < count() && picture.isAfter(stamp(end))) {
      end++;
    }
    end = Math.min(end + 1, count());
    int begin = Math.max(0, end - 1 - (int) Math.round(seconds * rateHz));
    long[] nanos = new long[end - begin];
    for (int i = begin; i < end; i++) {
      nanos[i - begin] = stamp(i).nanos();
    }
    return new InertialSamples(
        nanos,
        Arrays.copyOfRange(gyro, 3 * begin, 3 * end),
        Arrays.copyOfRange(accel, 3 * begin, 3 * end),
        T_cam_imu);
  }

  private void read(Trajectory way, double timeS, int at) {
    Se3 before = way.T_world_cam(timeS - HALF_STEP_S).times(T_cam_imu);
    Se3 now = way.T_world_cam(timeS).times(T_cam_imu);
    Se3 after = way.T_world_cam(timeS + HALF_STEP_S).times(T_cam_imu);
    double[] turn = before.inverse().times(after).rotationVector();
    double[] force = new double[3]; // in the world: acceleration against free fall
    double[] p0 = before.translation();
    double[] p1 = now.translation();
    double[] p2 = after.translation();
    for (int k = 0; k < 3; k++) {
      gyro[at + k] = turn[k] / (2 * HALF_STEP_S);
      force[k] = (p2[k] - 2 * p1[k] + p0[k]) / (HALF_STEP_S * HALF_STEP_S);
    }
    force[2] += GRAVITY_MPS2;
    double[] felt = now.rotationOnly().inverse().transform(force[0], force[1], force[2]);
    System.arraycopy(felt, 0, accel, at, 3);
  }

  private void spoil(InertialNoise noise, long seed) {
    // One that mixes its seed well: the first numbers of neighbouring seeds are else alike.
    SplittableRandom random = new SplittableRandom(seed * 1_000_003L + 77);
    spoil(gyro, noise.gyroDensity(), noise.gyroWalk(), noise.gyroBiasStd(), random);
    spoil(accel, noise.accelDensity(), noise.accelWalk(), noise.accelBiasStd(), random);
  }

  /** White noise of a density has the density times the root of the rate in each reading. */
  private void spoil(
      double[] values, double density, double walk, double biasStd, SplittableRandom random) {
    double[] bias = new double[3];
    for (int k = 0; k < 3; k++) {
      bias[k] = biasStd * random.nextGaussian();
    }
    for (int i = 0; i < values.length; i++) {
      bias[i % 3] += walk / Math.sqrt(rateHz) * random.nextGaussian();
      values[i] += bias[i % 3] + density * Math.sqrt(rateHz) * random.nextGaussian();
    }
  }
}
