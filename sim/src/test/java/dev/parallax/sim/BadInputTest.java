package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.BrownConradyCamera;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.sim.scene.InertialSensor;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What cameras and their drivers get wrong: never NaN, never a pose that runs away. */
class BadInputTest {
  private static final int FRAMES = 60;
  private static final List<SimulatedFrame> drive = new ArrayList<>();

  @BeforeAll
  static void draw() {
    SimulationConfig config = SimulationConfig.defaults(5, FRAMES, 20).withSize(320, 240);
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config)) {
      room.forEach(drive::add);
    }
  }

  private static List<CameraFrame> frames(UnaryOperator<CameraFrame> change) {
    return drive.stream().map(SimulatedFrame::frame).map(change).toList();
  }

  private static List<FrameOutcome> follow(List<CameraFrame> frames) {
    return follow(frames, notice -> {});
  }

  private static List<FrameOutcome> follow(List<CameraFrame> frames, Consumer<Notice> notices) {
    List<FrameOutcome> outcomes = new ArrayList<>();
    try (CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(PipelineConfig.defaults(), kernels, System::nanoTime, notices)) {
      for (CameraFrame frame : frames) {
        outcomes.add(pipeline.process(frame));
      }
    }
    return outcomes;
  }

  private static CameraFrame with(CameraFrame f, CameraCalibration calibration, Picture picture) {
    return new CameraFrame(f.id(), f.stamp(), calibration, picture, null);
  }

  private static CameraFrame at(CameraFrame f, long nanos) {
    return new CameraFrame(f.id(), new Timestamp(nanos), f.calibration(), f.picture(), null);
  }

  private static List<PoseEstimate> poses(List<FrameOutcome> outcomes) {
    return outcomes.stream()
        .filter(Estimated.class::isInstance)
        .map(o -> ((Estimated) o).pose())
        .toList();
  }

  /**
   * Every pose and covariance finite; no step many times longer than the others, and no turn faster
   * than the camera's.
   */
  private static void assertSane(List<FrameOutcome> outcomes) {
    List<PoseEstimate> poses = poses(outcomes);
    assertThat(poses).isNotEmpty();
    List<Double> steps = new ArrayList<>();
    for (int i = 0; i < poses.size(); i++) {
      assertThat(poses.get(i).T_odom_cam().isFinite()).isTrue();
      for (double c : poses.get(i).covariance()) {
        assertThat(Double.isFinite(c)).isTrue();
      }
      if (i > 0) {
        Se3 step = poses.get(i - 1).T_odom_cam().inverse().times(poses.get(i).T_odom_cam());
        steps.add(step.distance());
        assertThat(Math.toDegrees(step.angleRad())).as("turn at %d", i).isLessThan(12);
      }
    }
    List<Double> sorted = steps.stream().sorted().toList();
    double typical = Math.max(sorted.get(sorted.size() / 2), 1e-3);
    assertThat(sorted.get(sorted.size() - 1)).as("longest step").isLessThan(25 * typical);
  }

  /**
   * How far the camera is said to have turned otherwise than it did since the first pose, at worst.
   */
  private static double turnedDegreesOff(List<FrameOutcome> outcomes) {
    double worst = 0;
    Estimated first = null;
    for (FrameOutcome outcome : outcomes) {
      if (outcome instanceof Estimated e) {
        first = first == null ? e : first;
        Se3 found = first.pose().T_odom_cam().inverse().times(e.pose().T_odom_cam());
        Se3 T_world_first = drive.get((int) first.id().sequence()).T_world_cam();
        Se3 truth = T_world_first.inverse().times(drive.get((int) e.id().sequence()).T_world_cam());
        worst = Math.max(worst, Math.toDegrees(truth.inverse().times(found).angleRad()));
      }
    }
    return worst;
  }

  /**
   * By how many of its standard deviations the camera is said to have turned otherwise than it did
   * since the first pose, at worst.
   */
  private static double turnedSigmasOff(List<FrameOutcome> outcomes) {
    return turnedSigmasOff(outcomes, 0);
  }

  /** Likewise in the poses from a frame on. */
  private static double turnedSigmasOff(List<FrameOutcome> outcomes, int from) {
    double worst = 0;
    Estimated first = null;
    for (FrameOutcome outcome : outcomes) {
      if (outcome instanceof Estimated e) {
        first = first == null ? e : first;
        Se3 T_world_first = drive.get((int) first.id().sequence()).T_world_cam();
        Se3 T_world_cam = drive.get((int) e.id().sequence()).T_world_cam();
        Se3 truth = first.pose().T_odom_cam().times(T_world_first.inverse()).times(T_world_cam);
        double[] off = e.pose().T_odom_cam().times(truth.inverse()).rotationVector();
        double[] c = e.pose().covariance();
        double off2 = off[0] * off[0] + off[1] * off[1] + off[2] * off[2];
        double alongOff = 0; // variance of the turn about the axis it is off about
        for (int r = 0; r < 3; r++) {
          for (int k = 0; k < 3; k++) {
            alongOff += off[r] * c[6 * (r + 3) + k + 3] * off[k];
          }
        }
        boolean counts = off2 > 1e-8 && e.id().sequence() >= from;
        worst = counts ? Math.max(worst, off2 / Math.sqrt(alongOff)) : worst;
      }
    }
    return worst;
  }

  @Test
  void aFocalLengthThatIsOffByAFifthBendsThePathButDoesNotTearIt() {
    for (double factor : new double[] {0.8, 1.2}) {
      PinholeCamera right = SimulationConfig.pinhole(320, 240);
      PinholeCamera wrong =
          new PinholeCamera(
              320, 240, factor * right.fx(), factor * right.fy(), right.cx(), right.cy());
      CameraCalibration given = new CameraCalibration(wrong, CameraCalibration.Origin.GIVEN);

      List<FrameOutcome> outcomes = follow(frames(f -> with(f, given, f.picture())));

      assertSane(outcomes);
      assertThat(turnedDegreesOff(outcomes)).as("focal x%s", factor).isLessThan(20);
      // The pictures have told that the calibration is off, and the covariance takes it in.
      assertThat(turnedSigmasOff(outcomes, 20)).as("focal x%s", factor).isLessThan(3);
    }
  }

  @Test
  void anExposureThatSwingsByAThirdWithinASecondIsFollowedThrough() {
    List<FrameOutcome> outcomes =
        follow(
            frames(
                f ->
                    with(
                        f,
                        f.calibration(),
                        brightened(f.picture(), 1 + 0.35 * Math.sin(0.15 * f.id().sequence())))));

    assertSane(outcomes);
    assertThat(poses(outcomes)).hasSize(FRAMES);
    assertThat(turnedDegreesOff(outcomes)).isLessThan(1);
  }

  private static Picture brightened(Picture picture, double gain) {
    byte[] data = picture.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) Math.min(255, Math.round(gain * (data[i] & 255)));
    }
    return new Picture(picture.width(), picture.height(), picture.format(), data);
  }

  @Test
  void everySecondFrameMissingCostsNoPose() {
    List<CameraFrame> half =
        frames(f -> f).stream().filter(f -> f.id().sequence() % 2 == 0).toList();

    List<FrameOutcome> outcomes = follow(half);

    assertSane(outcomes);
    assertThat(poses(outcomes)).hasSize(half.size());
    assertThat(turnedDegreesOff(outcomes)).isLessThan(2);
  }

  private static List<CameraFrame> without(int from, int to) {
    return frames(f -> f).stream()
        .filter(f -> f.id().sequence() < from || f.id().sequence() >= to)
        .toList();
  }

  @Test
  void threeFramesMissingAtOnceAreBridged() {
    List<FrameOutcome> outcomes = follow(without(30, 33));

    assertSane(outcomes);
    assertThat(poses(outcomes)).hasSize(FRAMES - 3);
    assertThat(turnedDegreesOff(outcomes)).isLessThan(3);
  }

  @Test
  void tenFramesMissingAtOnceInATurnAreBridgedByWhatIsKnownAgain() {
    for (int from : new int[] {20, 30, 40}) {
      List<FrameOutcome> outcomes = follow(without(from, from + 10));

      assertThat(poses(outcomes)).as("from %d", from).hasSizeGreaterThanOrEqualTo(FRAMES - 13);
      assertThat(turnedDegreesOff(outcomes)).as("from %d", from).isLessThan(2);
      assertThat(turnedSigmasOff(outcomes)).as("from %d", from).isLessThan(5);
    }
  }

  @Test
  void tenFramesMissingBeforeThereIsDepthBeginAnewAndTheCovarianceHoldsTheTurnMeanwhile() {
    List<FrameOutcome> outcomes = follow(without(2, 12));

    assertThat(outcomes.get(2)).isInstanceOf(Skipped.class);
    assertThat(poses(outcomes)).hasSize(FRAMES - 11);
    assertThat(turnedDegreesOff(outcomes)).isGreaterThan(5); // it cannot be known
    assertThat(turnedSigmasOff(outcomes)).isLessThan(3);
  }

  @Test
  void doubledAndReorderedStampsAreSkippedByNameAndTheRestIsFollowed() {
    List<CameraFrame> messy = new ArrayList<>();
    for (CameraFrame f : frames(f -> f)) {
      int n = (int) f.id().sequence();
      // Every sixth comes with the stamp of the one before, every tenth with one of long ago.
      long back = n % 6 == 5 ? 1 : n % 10 == 8 ? 4 : 0;
      messy.add(at(f, f.stamp().nanos() - back * 50_000_000L));
    }

    List<FrameOutcome> outcomes = follow(messy);

    assertThat(outcomes).hasSize(FRAMES);
    assertThat(outcomes)
        .filteredOn(Skipped.class::isInstance)
        .extracting(o -> ((Skipped) o).reason())
        .containsOnly(Skipped.Reason.DUPLICATE_STAMP, Skipped.Reason.OUT_OF_ORDER)
        .hasSizeBetween(12, 16);
    assertSane(outcomes);
    assertThat(turnedDegreesOff(outcomes)).isLessThan(2);
  }

  @Test
  void aPictureTurnedByNinetyDegreesIsFollowedAsTheRolledCameraItIs() {
    PinholeCamera upright = SimulationConfig.pinhole(320, 240);
    PinholeCamera turned =
        new PinholeCamera(240, 320, upright.fy(), upright.fx(), upright.cy(), upright.cx());
    CameraCalibration given = new CameraCalibration(turned, CameraCalibration.Origin.GIVEN);

    List<FrameOutcome> outcomes = follow(frames(f -> with(f, given, rolled(f.picture()))));

    assertSane(outcomes);
    assertThat(poses(outcomes)).hasSize(FRAMES);
  }

  private static Picture rolled(Picture picture) {
    int w = picture.width();
    int h = picture.height();
    int channels = picture.data().length / (w * h);
    byte[] data = new byte[picture.data().length];
    for (int v = 0; v < h; v++) {
      for (int u = 0; u < w; u++) {
        System.arraycopy(
            picture.data(),
            channels * (v * w + u),
            data,
            channels * (u * h + (h - 1 - v)),
            channels);
      }
    }
    return new Picture(h, w, picture.format(), data);
  }

  @Test
  void anExposureThatSwingsThreefoldAndHalvesFromOnePictureToTheNextIsFollowedThrough() {
    for (double phase : new double[] {0, 2}) {
      List<FrameOutcome> outcomes =
          follow(
              frames(
                  f -> {
                    long n = f.id().sequence();
                    double swing = 1.1 + 0.5 * Math.sin(0.4 * n + phase); // 0.6 to 1.6
                    double step = n >= 40 ? 0.5 : 1;
                    return with(f, f.calibration(), brightened(f.picture(), swing * step));
                  }));

      assertThat(poses(outcomes)).as("phase %s", phase).hasSize(FRAMES);
      assertThat(turnedDegreesOff(outcomes)).as("phase %s", phase).isLessThan(1);
      assertThat(turnedSigmasOff(outcomes)).as("phase %s", phase).isLessThan(4);
    }
  }

  @Test
  void burstsOfTenMissingAgainAndAgainMakeNothingRunAway() {
    List<CameraFrame> torn =
        frames(f -> f).stream().filter(f -> f.id().sequence() % 20 < 10).toList();

    List<FrameOutcome> outcomes = follow(torn);

    assertThat(outcomes).hasSize(torn.size());
    assertSane(outcomes);
    assertThat(turnedSigmasOff(outcomes)).isLessThan(4);
  }

  private static double turnStdRad(List<FrameOutcome> outcomes) {
    List<PoseEstimate> poses = poses(outcomes);
    double[] c = poses.get(poses.size() - 1).covariance();
    return Math.sqrt(c[21] + c[28] + c[35]);
  }

  private static List<FrameOutcome> followBent(double k1) {
    return followBent(k1, FRAMES, notice -> {});
  }

  private static List<FrameOutcome> followBent(double k1, int frames, Consumer<Notice> notices) {
    PinholeCamera said = SimulationConfig.pinhole(320, 240);
    SimulationConfig config =
        SimulationConfig.defaults(5, frames, 20)
            .withCamera(BrownConradyCamera.plumbBob(said, k1, 0, 0, 0));
    CameraCalibration given = new CameraCalibration(said, CameraCalibration.Origin.GIVEN);
    List<CameraFrame> bent = new ArrayList<>();
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, config)) {
      for (SimulatedFrame frame : room) {
        bent.add(with(frame.frame(), given, frame.frame().picture()));
      }
    }
    return follow(bent, notices);
  }

  @Test
  void aLensThatBendsALittleThoughItsCalibrationSaysItDoesNotMakesThePoseUnsure() {
    List<FrameOutcome> outcomes = followBent(-0.1);

    assertSane(outcomes);
    assertThat(turnedDegreesOff(outcomes)).isLessThan(3);
    assertThat(turnedSigmasOff(outcomes, 10)).isLessThan(3);
    assertThat(turnStdRad(outcomes)).isGreaterThan(3 * turnStdRad(follow(frames(f -> f))));
  }

  /** The turn is taken for a way past a bowed scene, until windows of keyframes contradict it. */
  @Test
  void aLensThatBendsMuchThoughItsCalibrationSaysItDoesNotIsNamedAndThePoseAsUnsureAsItIs() {
    List<Notice> notices = new ArrayList<>();

    List<FrameOutcome> outcomes = followBent(-0.3, 90, notices::add);

    assertSane(outcomes);
    List<FrameOutcome> known = outcomes.subList(0, FRAMES); // of which the truth was drawn
    assertThat(turnedDegreesOff(known)).isLessThan(45);
    assertThat(turnedSigmasOff(known, 29)).isLessThan(3);
    assertThat(notices)
        .filteredOn(n -> n.topic() == Notice.Topic.LENS)
        .singleElement()
        .satisfies(
            n -> {
              assertThat(n.severity()).isEqualTo(Notice.Severity.WARNING);
              assertThat(n.message()).contains("about k1 = -0.", "it says none", "doctor");
            });
  }

  @Test
  void aRightCalibrationIsNotDoubted() {
    List<Notice> notices = new ArrayList<>();

    List<FrameOutcome> outcomes = follow(frames(f -> f), notices::add);

    assertThat(notices).noneMatch(n -> n.topic() == Notice.Topic.LENS);
    assertThat(Math.toDegrees(turnStdRad(outcomes))).isLessThan(1);
  }

  @Test
  void picturesOfTheOtherOrientationInTheMiddleOfARunAreRefusedByName() {
    PinholeCamera upright = SimulationConfig.pinhole(320, 240);
    PinholeCamera turned =
        new PinholeCamera(240, 320, upright.fy(), upright.fx(), upright.cy(), upright.cx());
    CameraCalibration other = new CameraCalibration(turned, CameraCalibration.Origin.GIVEN);

    List<FrameOutcome> outcomes =
        follow(frames(f -> f.id().sequence() < 30 ? f : with(f, other, rolled(f.picture()))));

    assertThat(outcomes.subList(30, FRAMES))
        .allSatisfy(
            o -> {
              assertThat(o).isInstanceOf(Skipped.class);
              assertThat(((Skipped) o).reason()).isEqualTo(Skipped.Reason.REFUSED);
              assertThat(((Skipped) o).detail()).contains("240x320", "320x240");
            });
    assertSane(outcomes);
  }

  /** The middle of each picture, as high as wide. */
  private static Picture square(Picture picture, int size) {
    int channels = picture.data().length / (picture.width() * picture.height());
    int left = (picture.width() - size) / 2;
    byte[] data = new byte[channels * size * size];
    for (int v = 0; v < size; v++) {
      System.arraycopy(
          picture.data(),
          channels * (v * picture.width() + left),
          data,
          channels * v * size,
          channels * size);
    }
    return new Picture(size, size, picture.format(), data);
  }

  @Test
  void squarePicturesThatTurnByNinetyDegreesInTheMiddleOfARunAreLostAndNothingRunsAway() {
    PinholeCamera wide = SimulationConfig.pinhole(320, 240);
    PinholeCamera camera = new PinholeCamera(240, 240, wide.fx(), wide.fy(), 119.5, 119.5);
    CameraCalibration given = new CameraCalibration(camera, CameraCalibration.Origin.GIVEN);

    List<FrameOutcome> outcomes =
        follow(
            frames(
                f -> {
                  Picture square = square(f.picture(), 240);
                  return with(f, given, f.id().sequence() < 30 ? square : rolled(square));
                }));

    List<PoseEstimate> before = poses(outcomes.subList(0, 30));
    List<PoseEstimate> all = poses(outcomes);
    assertThat(before).hasSize(30);
    assertThat(outcomes.get(30)).isNotInstanceOf(Estimated.class);
    double reach = 0;
    for (PoseEstimate pose : before) {
      reach = Math.max(reach, distance(before.get(0), pose));
    }
    for (PoseEstimate pose : all) {
      assertThat(pose.T_odom_cam().isFinite()).isTrue();
      assertThat(distance(before.get(0), pose)).isLessThan(4 * reach);
    }
  }

  private static double distance(PoseEstimate a, PoseEstimate b) {
    return a.T_odom_cam().inverse().times(b.T_odom_cam()).distance();
  }

  /** With readings of an IMU that were changed on their way, also asked for the scale. */
  private static List<FrameOutcome> followWithImu(double gyroFactor, double flipY, double accel) {
    PipelineConfig config = PipelineConfig.defaults().withScale(PipelineConfig.ScaleConfig.imu());
    SimulationConfig simulation = SimulationConfig.defaults(5, FRAMES, 20).withSize(320, 240);
    List<FrameOutcome> outcomes = new ArrayList<>();
    try (SimulatedSequence room = SimulatedSequence.of(Scenes.ROOM, simulation);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(config, kernels, System::nanoTime, notice -> {})) {
      InertialSensor sensor = InertialSensor.typical(room);
      for (SimulatedFrame frame : drive) {
        InertialSamples s = sensor.before(frame.frame().stamp(), 2);
        double[] gyro = s.gyroRadps().clone();
        double[] force = s.accelMps2().clone();
        for (int i = 0; i < gyro.length; i++) {
          gyro[i] *= gyroFactor * (i % 3 == 1 ? flipY : 1);
          force[i] *= accel * (i % 3 == 1 ? flipY : 1);
        }
        InertialSamples wrong = new InertialSamples(s.nanos(), gyro, force, s.T_cam_imu());
        outcomes.add(pipeline.process(frame.frame().withInertial(wrong)));
      }
    }
    return outcomes;
  }

  @Test
  void anImuWithWrongAxesOrUnitsLeavesThePathToThePictures() {
    for (double[] wrong : new double[][] {{180 / Math.PI, 1, 1}, {1, -1, 1}, {1, 1, 1 / 9.81}}) {
      List<FrameOutcome> outcomes = followWithImu(wrong[0], wrong[1], wrong[2]);

      assertSane(outcomes);
      assertThat(poses(outcomes)).hasSize(FRAMES);
      assertThat(turnedDegreesOff(outcomes)).isLessThan(3);
      assertThat(poses(outcomes)).noneMatch(pose -> pose.scale().isMetric());
    }
  }
}
