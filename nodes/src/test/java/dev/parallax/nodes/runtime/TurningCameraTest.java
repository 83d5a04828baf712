package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.RealData;
import dev.parallax.nodes.model.Models;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.RankCorrelation;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.NetworkPlace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A camera in the hand that mostly turns, and a sensor that knows the depth. */
class TurningCameraTest {
  /** Published depth of a picture beside the sensor's, where there are both. */
  private record Seen(double[] depth, double[] sensor, int count) {
    static Seen of(Estimated estimated, CameraFrame frame) {
      DepthMap published = estimated.depth();
      DepthMap truth = Objects.requireNonNull(frame.sensorDepth());
      double[] depth = new double[published.depthM().length];
      double[] sensor = new double[depth.length];
      int n = 0;
      for (int i = 0; i < depth.length; i++) {
        int u = i % published.width() * truth.width() / published.width();
        int v = i / published.width() * truth.height() / published.height();
        float trueM = truth.depthM()[v * truth.width() + u];
        if (published.depthM()[i] > 0 && trueM > 0) {
          depth[n] = published.depthM()[i];
          sensor[n++] = trueM;
        }
      }
      return new Seen(depth, sensor, n);
    }

    double medianRatio() {
      double[] ratios = new double[count];
      for (int i = 0; i < count; i++) {
        ratios[i] = depth[i] / sensor[i];
      }
      return OrderStatistic.median(ratios, count);
    }

    double rankCorrelation() {
      return RankCorrelation.of(depth, sensor, count);
    }
  }

  /** What is seen after so many frames of those that are not skipped, in ascending order. */
  private static List<Seen> after(int skipped, @Nullable BackgroundPrior network, Integer... frames)
      throws Exception {
    Path bag = RealData.path("bags/tum_fr1_rpy_150f_jpeg_depth.bag");
    RecordingOptions options =
        RecordingOptions.defaults()
            .withSensorDepth(true)
            .withDepthUnitsPerM(OptionalDouble.of(5000));
    List<Integer> wanted = List.of(frames);
    List<Seen> seen = new ArrayList<>();
    try (FrameSource source = Recordings.open(bag, options);
        CpuKernels kernels = new CpuKernels(2);
        FramePipeline pipeline =
            new FramePipeline(
                PipelineConfig.defaults(), kernels, network, System::nanoTime, notice -> {})) {
      int read = 0;
      while (seen.size() < frames.length && source.next() instanceof SourceItem.Frame item) {
        if (read++ >= skipped
            && pipeline.process(item.frame()) instanceof Estimated estimated
            && wanted.contains(read - skipped)) {
          seen.add(Seen.of(estimated, item.frame()));
        }
      }
    }
    return seen;
  }

  @Test
  void aFastTurnDoesNotDrawDepthTowardsTheCamera() throws Exception {
    List<Seen> seen = after(0, null, 30, 66);
    Seen before = seen.get(0);
    Seen behind = seen.get(1); // by then the room behind the desk has come into view
    assertThat(behind.count()).isGreaterThan(5000);
    assertThat(behind.medianRatio() / before.medianRatio()).isBetween(0.25, 4.0);
  }

  @Test
  void nearAndFarAreNotExchangedWhereANetworkTellsThem() throws Exception {
    BackgroundPrior network =
        new BackgroundPrior(
            Models.named(Models.BUILT_IN, NetworkPlace.cpu(1)), true, System::nanoTime);
    Seen seen = after(9, network, 40).get(0);
    assertThat(seen.count()).isGreaterThan(5000);
    assertThat(seen.rankCorrelation()).isGreaterThan(0.1);
  }
}
