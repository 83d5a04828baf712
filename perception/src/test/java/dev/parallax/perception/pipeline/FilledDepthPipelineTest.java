package dev.parallax.perception.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.DepthFiller;
import dev.parallax.perception.prior.NetworkRunner;
import dev.parallax.perception.prior.OwnPrior;
import dev.parallax.perception.prior.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a network that cannot be used does to depth: nothing, and a person is told once. */
class FilledDepthPipelineTest {
  private final List<Notice> notices = new ArrayList<>();
  private long now;

  @Test
  void aNetworkThatFitsFillsHoles() {
    assertThat(holesAfter(camera(60), new Flat(1))).isZero();
    assertThat(warnings()).isEmpty();
    assertThat(notices.get(0).message())
        .isEqualTo("holes of the depth are filled by flat, by a test on the CPU");
  }

  @Test
  void aNetworkThatAnswersWithNaNLeavesDepthAsMeasuredAndIsNamed() {
    assertThat(holesAfter(camera(60), new Flat(Float.NaN))).isPositive();
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("flat", "no depth (NaN or infinite)", "as measured");
  }

  @Test
  void aCameraFarFromTrainingLeavesDepthAsMeasuredAndIsNamed() {
    assertThat(holesAfter(camera(600), new Flat(1))).isPositive();
    assertThat(warnings()).singleElement().asString().contains("6 degrees across", "as measured");
    notices.clear();
    assertThat(holesAfter(camera(8), new Flat(1))).isPositive();
    assertThat(warnings()).singleElement().asString().contains("152 degrees across");
  }

  @Test
  void theTimeItTakesIsThatOfDepth() {
    PinholeCamera camera = camera(60);
    DepthFiller filler =
        new DepthFiller(
            new BackgroundPrior(new OwnPrior("flat", new Flat(1)), true, System::nanoTime));
    try (FilledDepthPipeline pipeline =
        new FilledDepthPipeline(
            new HalfMeasured(camera), filler, () -> now += 1_000_000, notices::add)) {
      Estimated first = (Estimated) pipeline.process(frame(camera, 1));
      assertThat(first.timings().millis(StageTimings.Stage.DEPTH)).isEqualTo(1);
      assertThat(first.timings().millis(StageTimings.Stage.TOTAL)).isEqualTo(1);
    }
  }

  private List<String> warnings() {
    return notices.stream()
        .filter(notice -> notice.severity() == Notice.Severity.WARNING)
        .map(Notice::message)
        .toList();
  }

  private static PinholeCamera camera(double focalLength) {
    return new PinholeCamera(64, 48, focalLength, focalLength, 31.5, 23.5);
  }

  /** Pixels without depth in the second of two frames. */
  private int holesAfter(PinholeCamera camera, NetworkRunner network) {
    DepthFiller filler =
        new DepthFiller(new BackgroundPrior(new OwnPrior("flat", network), true, System::nanoTime));
    try (FilledDepthPipeline pipeline =
        new FilledDepthPipeline(
            new HalfMeasured(camera), filler, () -> now += 1_000_000, notices::add)) {
      FrameOutcome unused = pipeline.process(frame(camera, 1));
      Estimated second = (Estimated) pipeline.process(frame(camera, 2));
      int holes = 0;
      for (float depth : second.depth().depthM()) {
        holes += Float.isNaN(depth) ? 1 : 0;
      }
      return holes;
    }
  }

  private static CameraFrame frame(PinholeCamera camera, long sequence) {
    return new CameraFrame(
        new FrameId(new CameraId("camera"), sequence),
        new Timestamp(sequence * 100_000_000L),
        new CameraCalibration(camera, CameraCalibration.Origin.GIVEN),
        new Picture(64, 48, Picture.Format.MONO8, new byte[64 * 48]),
        null);
  }

  /** Knows a wall in the left half of the picture. */
  private record HalfMeasured(PinholeCamera camera) implements PerceptionPipeline {
    @Override
    public FrameOutcome process(CameraFrame frame) {
      PinholeCamera grid = camera.reducedBy(2);
      int pixels = grid.width() * grid.height();
      float[] depth = new float[pixels];
      float[] std = new float[pixels];
      for (int i = 0; i < pixels; i++) {
        boolean known = i % grid.width() < grid.width() / 2;
        depth[i] = known ? 2 : Float.NaN;
        std[i] = known ? 0.1f : Float.NaN;
      }
      return new Estimated(
          frame.id(),
          frame.stamp(),
          camera,
          grid,
          frame.picture(),
          new PoseEstimate(
              frame.stamp(),
              Se3.identity(),
              new double[36],
              1,
              TrackingState.TRACKING,
              ScaleSource.RELATIVE),
          new DepthMap(grid.width(), grid.height(), depth, std),
          new SceneFlowField(grid.width(), grid.height(), new float[3 * pixels]),
          new MovingMask(grid.width(), grid.height(), new byte[pixels]),
          OccupancyDelta.none(0.05),
          new StageTimings(Map.of()));
    }

    @Override
    public void close() {}
  }

  /** Answers every pixel alike. */
  private record Flat(float logInverseDepth) implements NetworkRunner {
    @Override
    public String engine() {
      return "a test on the CPU";
    }

    @Override
    public Tensor run(Tensor input) {
      int pixels = (int) (input.shape()[2] * input.shape()[3] / 4);
      float[] values = new float[2 * pixels];
      Arrays.fill(values, 0, pixels, logInverseDepth);
      Arrays.fill(values, pixels, 2 * pixels, -3);
      return new Tensor(values, new long[] {1, 2, input.shape()[2] / 2, input.shape()[3] / 2});
    }

    @Override
    public void close() {}
  }
}
