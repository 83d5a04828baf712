package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.List;
import java.util.Map;

/** Parity of work on flow fields; dense flow is judged by its error against truth instead. */
final class FlowParity {
  private static final Tolerance TRACKED =
      new Tolerance(
          0.02, 0, 0.05, "OpenCV rounds samples to 1/32 grey level; a lost point may differ");

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
        lead(1),
        lead(2),
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
        track(),
        follow());
  }

  /** Points anywhere, also outside and at places that are no number. */
  private static ParityCase lead(int stride) {
    return new ParityCase(
        "points led by flow, stride %d".formatted(stride),
        Tolerance.NONE,
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          int n = 301;
          float[] uv = in.values(2 * n, -20, size.width() + 20, 30);
          float[] led = in.values(2 * n + 4, 0, 1, 0);
          DeviceBuffer grey = in.picture(size);
          DeviceBuffer flow = flow(in, grid(size, stride), 0);
          k.flow().follow(grey, grey, flow, n, uv, uv, led, new float[2 * n], new float[n]);
          k.finishFetches();
          return Map.of("led", led);
        });
  }

  private static Shape grid(Shape picture, int stride) {
    return Shape.of(picture.height() / stride, picture.width() / stride);
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
        TRACKED,
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

  private static ParityCase follow() {
    return new ParityCase(
        "points followed",
        TRACKED,
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          DeviceBuffer[] pair = in.shiftedPair(size, 2.3, -1.1);
          float[] ahead = new float[2 * grid(size, 2).pixels()];
          for (int i = 0; i < ahead.length; i++) {
            ahead[i] = i % 2 == 0 ? 1 : -0.5f;
          }
          DeviceBuffer flow = in.of(grid(size, 2).withChannels(2), ahead);
          int n = 37;
          float[] before = in.values(2 * n, 14, Math.min(size.width(), size.height()) - 15, 0);
          float[] to = in.values(2 * n, 0, 1, 0);
          float[] error = in.values(n, 0, 1, 0);
          k.flow().follow(pair[0], pair[1], flow, n, before, before, new float[2 * n], to, error);
          k.finishFetches();
          return Map.of("to", to, "error", error);
        });
  }
}
