package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.Picture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Dense flow on the Middlebury pairs with public truth (Baker et al. 2011): the bounds are what was
 * measured and a tenth more, so that a change for the worse shows.
 */
class MiddleburyFlowTest {
  private static final float UNKNOWN = 1e9f;

  @ParameterizedTest
  @CsvSource({"Dimetrodon, 0.33", "Grove2, 0.44", "RubberWhale, 0.49", "Venus, 0.62"})
  void meanEndPointErrorStaysWithinItsBound(String pair, double boundPx) throws Exception {
    Path folder = RealData.path("middlebury-flow").resolve(pair);
    Picture from = new ImageCodec().decode(Files.readAllBytes(folder.resolve("frame10.png")));
    Picture to = new ImageCodec().decode(Files.readAllBytes(folder.resolve("frame11.png")));
    float[] flow = new float[2 * from.width() * from.height()];
    try (CpuKernels kernels = new CpuKernels(1);
        BufferScope scope = kernels.openScope()) {
      DeviceBuffer uv = scope.f32(new Shape(from.height(), from.width(), 2));
      kernels
          .flow()
          .dense(
              List.of(
                  new Request(
                      grey(kernels, scope, from), grey(kernels, scope, to), uv, Start.NOTHING)));
      kernels.download(uv, flow);
    }

    double epe = meanError(flow, folder.resolve("flow10.flo"), from);

    assertThat(epe).isLessThan(boundPx);
  }

  private static DeviceBuffer grey(CpuKernels kernels, BufferScope scope, Picture picture) {
    Shape shape = new Shape(picture.height(), picture.width(), picture.format().channels());
    DeviceBuffer raw = scope.u8(shape);
    kernels.upload(picture.data(), raw);
    DeviceBuffer grey = scope.u8(shape.withChannels(1));
    kernels.images().grey(raw, grey);
    return grey;
  }

  /** Against a .flo file: tag, width, height, then (du, dv) in rows; little-endian. */
  private static double meanError(float[] flow, Path truth, Picture picture) throws Exception {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(truth)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(file.getFloat()).isEqualTo(202021.25f);
    assertThat(file.getInt()).isEqualTo(picture.width());
    assertThat(file.getInt()).isEqualTo(picture.height());
    double sum = 0;
    int n = 0;
    for (int i = 0; i < flow.length; i += 2) {
      float du = file.getFloat();
      float dv = file.getFloat();
      if (Math.abs(du) < UNKNOWN && Math.abs(dv) < UNKNOWN) {
        sum += Math.hypot(flow[i] - du, flow[i + 1] - dv);
        n++;
      }
    }
    return sum / n;
  }
}
