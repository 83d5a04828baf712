package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every parity case there is. */
final class ParityCases {
  private ParityCases() {}

  static List<ParityCase> all() {
    return Stream.of(
            ImageParity.cases(),
            FlowParity.cases(),
            DepthParity.cases(),
            MotionParity.cases(),
            VoxelParity.cases())
        .flatMap(List::stream)
        .toList();
  }

  /** What has no twin on the CPU: on a GPU it is held against the same sources run by the shim. */
  static List<ParityCase> withoutTwin() {
    return List.of(
        new ParityCase(
            "dense flow",
            new Tolerance(
                1e-4,
                0,
                0.001,
                "the same sources and arithmetic; rounding of a root or quotient may differ"),
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer[] pair = in.shiftedPair(size, 2.3, -1.4);
              DeviceBuffer flow = in.poisonedF32(size.withChannels(2));
              k.flow().dense(List.of(new Request(pair[0], pair[1], flow, Start.NOTHING)));
              return Map.of("flow", in.floats(flow));
            }));
  }
}
