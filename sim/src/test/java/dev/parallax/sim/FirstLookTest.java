package dev.parallax.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import dev.parallax.sim.scene.Trajectory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A camera whose depth begins with what a network makes of its first picture. */
class FirstLookTest {
  private static final int FRAMES = 12;
  private static final double FPS = 20;
  private static final double RELATIVE_STD = 0.25;

  /** Parallax of 0.2 % of the width in a picture: far from what tells depth. */
  private static final Trajectory SLOWLY =
      timeS ->
          Trajectory.looking(-3.3, -2.0, 1.0, 1.05, -0.09, 0)
              .times(Se3.ofTranslation(0.12 * timeS, 0, 0.05 * timeS));

  private final List<Notice> notices = new ArrayList<>();
  private final List<SimulatedFrame> frames = new ArrayList<>();
  private final CountDownLatch answered = new CountDownLatch(1);
  private PriorDepth.Meaning meaning = PriorDepth.Meaning.METRIC;
  private boolean fails;

  /** Knows the true depth but for a quarter: in squares of 16 pixels, each off by its own. */
  private final class Knowing implements DepthPrior {
    @Override
    public String name() {
      return "the knowing network";
    }

    @Override
    public String engine() {
      return "a test on the CPU";
    }

    @Override
    public PriorDepth estimate(Picture rectified, PinholeCamera camera, float @Nullable [] known)
        throws PriorException {
      try {
        answered.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (fails) {
        throw new PriorException("it is tired");
      }
      float[] depth = depthOf(rectified).clone();
      float[] std = new float[depth.length];
      Random noise = new Random(7);
      double[] factors = noise.doubles(4096, -1, 1).toArray();
      for (int i = 0; i < depth.length; i++) {
        int x = i % camera.width() / 16;
        int y = i / camera.width() / 16;
        // Uniform within a root of three of the std.
        depth[i] *= (float) Math.exp(Math.sqrt(3) * RELATIVE_STD * factors[64 * y + x]);
        std[i] = (float) (RELATIVE_STD * depth[i]);
      }
      return new PriorDepth(camera, depth, std, meaning);
    }

    @Override
    public void close() {}
  }

  private float[] depthOf(Picture picture) {
    return frames.stream()
        .filter(f -> Arrays.equals(f.frame().picture().data(), picture.data()))
        .findFirst()
        .orElseThrow()
        .depth()
        .depthM();
  }

  /**
   * @param answerAfter frames after which the network answers
   */
  private List<Estimated> follow(boolean isPatient, int answerAfter) throws InterruptedException {
    return outcomes(SLOWLY, isPatient, answerAfter).stream().map(o -> (Estimated) o).toList();
  }

  private List<FrameOutcome> outcomes(Trajectory way, boolean isPatient, int answerAfter)
      throws InterruptedException {
    SimulationConfig config = SimulationConfig.defaults(2, FRAMES, FPS).withSize(480, 360);
    Scenes.Staged room = Scenes.STILL.stage(config.seed(), FRAMES / FPS);
    try (SimulatedSequence sequence =
        new SimulatedSequence("first look", room.scene(), way, config)) {
      sequence.forEach(frames::add);
    }
    List<FrameOutcome> outcomes = new ArrayList<>();
    BackgroundPrior network = new BackgroundPrior(new Knowing(), isPatient, System::nanoTime);
    try (CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(
                PipelineConfig.defaults(), kernels, network, System::nanoTime, notices::add)) {
      for (SimulatedFrame frame : frames) {
        if (outcomes.size() == answerAfter) {
          answered.countDown();
          Thread.sleep(200);
        }
        outcomes.add(pipeline.process(frame.frame()));
      }
      answered.countDown();
    }
    return outcomes;
  }

  private static TrackingState state(Estimated estimate) {
    return estimate.pose().state();
  }

  private double unit(Estimated estimate, SimulatedFrame truth) {
    DepthMap depth = estimate.depth();
    int stride = truth.depth().width() / depth.width();
    double[] ratios = new double[depth.depthM().length];
    int n = 0;
    for (int i = 0; i < ratios.length; i++) {
      int u = stride * (i % depth.width());
      int v = stride * (i / depth.width());
      double ratio = depth.depthM()[i] / truth.depth().depthM()[v * truth.depth().width() + u];
      if (ratio > 0 && ratio < Double.POSITIVE_INFINITY) {
        ratios[n++] = ratio;
      }
    }
    assertThat(n).as("pixels with depth").isGreaterThan(ratios.length / 2);
    return OrderStatistic.median(ratios, n);
  }

  private void assertWay(List<Estimated> estimates, int from, int to, double unit) {
    Se3 seen =
        motion(estimates.get(from).pose().T_odom_cam(), estimates.get(to).pose().T_odom_cam());
    Se3 truth = motion(frames.get(from).T_world_cam(), frames.get(to).T_world_cam());
    double along =
        (seen.tx() * truth.tx() + seen.ty() * truth.ty() + seen.tz() * truth.tz())
            / truth.distance();
    assertThat(along / unit / truth.distance()).as("length of the way").isCloseTo(1, within(0.3));
    assertThat(along / seen.distance()).as("its direction").isGreaterThan(Math.cos(0.35));
    assertThat(Math.toDegrees(seen.angleRad())).as("degrees turned").isLessThan(0.3);
  }

  private static Se3 motion(Se3 T_world_a, Se3 T_world_b) {
    return T_world_a.inverse().times(T_world_b);
  }

  @Test
  void withANetworkThePoseIsUsableWithinFiveFrames() throws InterruptedException {
    List<Estimated> estimates = follow(true, 0);

    assertThat(estimates).extracting(FirstLookTest::state).containsOnly(TrackingState.TRACKING);
    double unit = unit(estimates.get(0), frames.get(0));
    assertThat(estimates.get(0).map().blockKeys()).as("occupied by a guess").isEmpty();
    assertWay(estimates, 0, 4, unit);
    assertThat(unit(estimates.get(4), frames.get(4)) / unit).isCloseTo(1, within(0.05));
    assertThat(notices)
        .extracting(Notice::message)
        .anyMatch(m -> m.startsWith("Depth begins with what the knowing network makes of one"));
  }

  @Test
  void withoutOneItIsStillAwaited() throws InterruptedException {
    meaning = PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT; // tells no pixel's depth

    List<Estimated> estimates = follow(true, 0);

    assertThat(state(estimates.get(4))).isEqualTo(TrackingState.INITIALIZING);
  }

  @Test
  void aLiveCameraBeginsWithoutAndTakesTheAnswerWhereFlowLedIt() throws InterruptedException {
    List<Estimated> estimates = follow(false, 3);

    assertThat(state(estimates.get(2))).isEqualTo(TrackingState.INITIALIZING);
    assertThat(estimates.subList(4, FRAMES))
        .extracting(FirstLookTest::state)
        .containsOnly(TrackingState.TRACKING);
    double unit = unit(estimates.get(4), frames.get(4));
    assertWay(estimates, 4, FRAMES - 1, unit);
  }

  @Test
  void aCutWhileDepthIsAGuessBeginsAnewAtOnce() throws InterruptedException {
    Trajectory cut =
        timeS ->
            timeS < 0.19
                ? SLOWLY.T_world_cam(timeS)
                : Trajectory.looking(2.0, 1.5, 1.2, -2.2, -0.09, 0)
                    .times(Se3.ofTranslation(0.12 * timeS, 0, 0.05 * timeS));

    List<FrameOutcome> outcomes = outcomes(cut, true, 0);

    assertThat(outcomes.get(4)).isInstanceOf(Skipped.class);
    assertThat(outcomes.subList(5, FRAMES))
        .allSatisfy(o -> assertThat(state((Estimated) o)).isEqualTo(TrackingState.TRACKING));
  }

  @Test
  void aNetworkThatFailsIsNamedAndParallaxIsAwaited() throws InterruptedException {
    fails = true;

    List<Estimated> estimates = follow(true, 0);

    assertThat(state(estimates.get(4))).isEqualTo(TrackingState.INITIALIZING);
    assertThat(notices)
        .filteredOn(n -> n.severity() == Notice.Severity.WARNING)
        .extracting(Notice::message)
        .containsExactly(
            "the knowing network failed (it is tired): depth begins when the camera has moved far"
                + " enough");
  }
}
