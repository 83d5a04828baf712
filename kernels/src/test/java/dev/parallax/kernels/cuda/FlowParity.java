package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.List;
import java.util.Map;

/** Parity of work on flow fields; dense flow is judged by its error against truth instead. */
final class FlowParity {
  private FlowParity() {}

  static List<ParityCase> cases() {
    return List.of(
        new ParityCase(
            "compose",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer out = in.poisonedF32(size.withChannels(2));
              k.flow().compose(flow(in, size, 40), flow(in, size, 40), out);
              return Map.of("composed", in.floats(out));
            }),
        new ParityCase(
            "inconsistency",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer out = in.poisonedF32(size);
              k.flow().inconsistency(flow(in, size, 40), flow(in, size, 40), out);
              return Map.of("inconsistency", in.floats(out));
            }),
        new ParityCase(
            "sample",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              float[] uv = in.values(2 * 301, -20, size.width() + 20, 30);
              float[] out = in.values(2 * 301 + 4, 0, 1, 0);
              k.flow().sample(flow(in, size, 0), 301, uv, out);
              return Map.of("samples", out);
            }),
        new ParityCase(
            "copy",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer out = in.poisonedF32(size.withChannels(2));
              k.flow().copy(flow(in, size, 10), out);
              return Map.of("copy", in.floats(out));
            }),
        invert("smooth", 6),
        invert("far", 200),
        track());
  }

  private static DeviceBuffer flow(ParityInput in, Shape size, int oneNanIn) {
    return in.of(size.withChannels(2), in.values(2 * size.pixels(), -15, 15, oneNanIn));
  }

  /** Where all vectors of the first columns lead out of the picture, rows have no known value. */
  private static ParityCase invert(String kind, double reach) {
    return new ParityCase(
        "invert, " + kind,
        Tolerance.NONE,
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          float[] field = in.values(2 * size.pixels(), reach / 3, reach, 60);
          DeviceBuffer out = in.poisonedF32(size.withChannels(2));
          k.flow().invert(in.of(size.withChannels(2), field), out);
          return Map.of("inverse", in.floats(out));
        });
  }

  private static ParityCase track() {
    return new ParityCase(
        "track",
        new Tolerance(
            0.02, 0, 0.05, "OpenCV rounds samples to 1/32 grey level; a lost point may differ"),
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          double du = 2 * in.random().nextDouble() - 1;
          double dv = 2 * in.random().nextDouble() - 1;
          DeviceBuffer[] pair = in.shiftedPair(size, du, dv);
          int n = 37;
          float[] from = in.values(2 * n, 14, Math.min(size.width(), size.height()) - 15, 0);
          float[] to = from.clone();
          float[] error = new float[n];
          k.flow().track(pair[0], pair[1], n, from, to, error);
          return Map.of("to", to, "error", error);
        });
  }
}
