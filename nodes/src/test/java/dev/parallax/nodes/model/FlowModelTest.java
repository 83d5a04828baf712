package dev.parallax.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.prior.KernelsWithFlow;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.PriorException;
import dev.parallax.perception.prior.UserFlow;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flow networks written by hand: checked, put in place of dense inverse search, and failing. */
class FlowModelTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  @TempDir private Path temp;

  @Test
  void aNetworkThatFindsTheMotionIsUsable() throws IOException {
    ModelCheck.Report report = ModelCheck.of(flow("a", "b").toString(), 1);
    assertThat(report.complaints()).isEmpty();
    assertThat(report.facts())
        .anyMatch(fact -> fact.contains("64x48 pixels, flow"))
        .anyMatch(fact -> fact.contains("px in the mean"))
        .anyMatch(fact -> fact.contains("takes black pictures"));
  }

  @Test
  void exchangedInputsAreNoticed() throws IOException {
    assertThat(ModelCheck.of(flow("b", "a").toString(), 1).complaints())
        .singleElement()
        .asString()
        .contains("exchange the inputs");
  }

  @Test
  void aNetworkThatSeesNothingIsNoticed() throws IOException {
    assertThat(ModelCheck.of(flow("a", "b", "Exp", "Exp").toString(), 1).complaints())
        .singleElement()
        .asString()
        .contains("says nothing of flow");
  }

  @Test
  void notANumberIsRefused() throws IOException {
    assertThat(ModelCheck.of(flow("a", "b", "Abs", "Neg", "Log").toString(), 1).complaints())
        .first()
        .asString()
        .contains("flow.onnx", "answers with NaN");
  }

  @Test
  void aDepthNetworkInItsPlaceIsNamedWithTheRemedy() throws IOException {
    Path yaml =
        SmallModels.described(
            temp, "rows.onnx", SmallModels.onnx(SmallModels::nearerBelow), "metric_depth");
    assertThatThrownBy(() -> Models.openFlow(yaml, NetworkPlace.cpu(1)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("give it to --depth-prior");
    Files.writeString(yaml, Files.readString(yaml).replace("metric_depth", "flow"));
    assertThat(ModelCheck.of(yaml.toString(), 1).complaints())
        .singleElement()
        .asString()
        .contains("rows.onnx", "it has 1 inputs", "two inputs");
    Path flow = flow("a", "b");
    assertThatThrownBy(() -> Models.open(flow, NetworkPlace.cpu(1)))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("give it to --flow-model");
  }

  @Test
  void flowIsInPixelsOfTheGridItIsAskedOn() throws IOException, PriorException {
    try (UserFlow network = Models.openFlow(flow("a", "b"), NetworkPlace.cpu(1))) {
      float[] whole = network.estimate(waves(0, 0), waves(3, -2), 1);
      float[] half = network.estimate(waves(0, 0), waves(3, -2), 2);
      assertThat(whole).hasSize(2 * WIDTH * HEIGHT);
      assertThat(half).hasSize(2 * (WIDTH / 2) * (HEIGHT / 2));
      assertThat(whole[0]).isBetween(2.5f, 3.5f);
      assertThat(whole[1]).isBetween(-2.5f, -1.5f);
      assertThat(half[0]).isBetween(1.25f, 1.75f);
    }
  }

  @Test
  void denseFlowIsTheNetworksUntilItFails() throws IOException {
    List<String> told = new ArrayList<>();
    try (PerceptionKernels plain = new CpuKernels(1);
        PerceptionKernels good =
            new KernelsWithFlow(
                new CpuKernels(1),
                Models.openFlow(flow("a", "b"), NetworkPlace.cpu(1)),
                told::add);
        PerceptionKernels bad =
            new KernelsWithFlow(
                new CpuKernels(1),
                Models.openFlow(flow("a", "b", "Abs", "Neg", "Log"), NetworkPlace.cpu(1)),
                told::add)) {
      float[] searched = dense(plain);
      float[] network = dense(good);
      assertThat(network[0]).isEqualTo(network[2]).isBetween(2.5f, 3.5f);
      assertThat(told).isEmpty();
      assertThat(dense(bad)).isEqualTo(searched);
      assertThat(dense(bad)).isEqualTo(searched);
      assertThat(told).singleElement().asString().contains("flow.onnx", "dense inverse search");
    }
  }

  @Test
  void aPipelineFollowsTheCameraByTheNetworksFlow() throws IOException {
    Path yaml = flow("a", "b");
    List<Notice> notices = new ArrayList<>();
    List<Estimated> plain = run(null, notices);
    assertThat(notices).noneMatch(notice -> notice.message().contains("dense flow is by"));
    List<Estimated> network = run(() -> Models.openFlow(yaml, NetworkPlace.cpu(1)), notices);
    assertThat(notices)
        .extracting(Notice::message)
        .anyMatch(
            told ->
                told.matches("dense flow is by .*flow.onnx, by ONNX Runtime .* on the CPU: .*"));
    assertThat(network).isNotEmpty();
    assertThat(network.get(network.size() - 1).depth().depthM())
        .isNotEqualTo(plain.get(plain.size() - 1).depth().depthM());
  }

  private static List<Estimated> run(@Nullable Supplier<UserFlow> flow, List<Notice> notices) {
    List<Estimated> estimated = new ArrayList<>();
    try (SimulatedSequence room =
            SimulatedSequence.of(
                Scenes.named("room"),
                SimulationConfig.defaults(1, 100, 15).withSize(WIDTH, HEIGHT));
        PerceptionPipeline pipeline =
            new DevicePipelineFactory(DeviceWish.parse("cpu"), flow, null)
                .create(PipelineConfig.defaults(), notices::add)) {
      for (int i = 0; i < 12; i++) {
        FrameOutcome outcome = pipeline.process(room.frame(i).frame());
        if (outcome instanceof Estimated one) {
          estimated.add(one);
        }
      }
    }
    return estimated;
  }

  private static float[] dense(PerceptionKernels kernels) {
    try (BufferScope scope = kernels.openScope()) {
      Shape shape = Shape.of(HEIGHT, WIDTH);
      DeviceBuffer from = scope.u8(shape);
      DeviceBuffer to = scope.u8(shape);
      DeviceBuffer flow = scope.f32(shape.withChannels(2));
      kernels.upload(waves(0, 0).data(), from);
      kernels.upload(waves(3, -2).data(), to);
      kernels.flow().dense(List.of(new Request(from, to, flow, Start.NOTHING)));
      float[] answer = new float[2 * shape.pixels()];
      kernels.download(flow, answer);
      return answer;
    }
  }

  /** A smooth picture, moved. */
  private static Picture waves(double du, double dv) {
    byte[] grey = new byte[WIDTH * HEIGHT];
    for (int v = 0; v < HEIGHT; v++) {
      for (int u = 0; u < WIDTH; u++) {
        double x = (u - du) / 12;
        double y = (v - dv) / 12;
        grey[v * WIDTH + u] =
            (byte) Math.round(128 + 50 * Math.sin(x + 0.3 * y) + 50 * Math.cos(y - 0.4 * x));
      }
    }
    return new Picture(WIDTH, HEIGHT, Picture.Format.MONO8, grey);
  }

  private Path flow(String first, String second, String... operators) throws IOException {
    return SmallModels.describedFlow(
        temp, "flow.onnx", SmallModels.onnxFlow(first, second, operators));
  }
}
