package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parity of work on pictures. */
final class ImageParity {
  private ImageParity() {}

  static List<ParityCase> cases() {
    return List.of(
        new ParityCase(
            "luma of BGR",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer grey = in.poisonedU8(size);
              k.images().grey(in.noise(size.withChannels(3)), grey);
              return Map.of("grey", in.bytes(grey));
            }),
        new ParityCase(
            "luma of grey",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer grey = in.poisonedU8(size);
              k.images().grey(in.noise(size), grey);
              return Map.of("grey", in.bytes(grey));
            }),
        aheadOfTime(),
        remap(1),
        remap(3),
        new ParityCase(
            "mean and standard deviation",
            Tolerance.NONE,
            (k, s, size, r) -> {
              ParityInput in = new ParityInput(k, s, r);
              DeviceBuffer both = in.poisonedF32(new Shape(1, 1, 2));
              k.images().meanAndStd(in.picture(size), both);
              return Map.of("mean and std", in.floats(both));
            }),
        corners());
  }

  /** A row of pictures, each on its way while the one before is worked on; not all of them come. */
  private static ParityCase aheadOfTime() {
    return new ParityCase(
        "pictures brought ahead",
        Tolerance.NONE,
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          byte[][] pictures = new byte[6][size.withChannels(3).elements()];
          DeviceBuffer raw = s.u8(size.withChannels(3));
          Map<String, float[]> greys = new HashMap<>();
          for (byte[] picture : pictures) {
            r.nextBytes(picture);
          }
          for (int i = 0; i < pictures.length; i++) {
            DeviceBuffer grey = in.poisonedU8(size);
            k.upload(pictures[i], raw);
            k.images().grey(raw, grey);
            k.uploadAhead(pictures[(i + 1) % pictures.length]);
            if (i % 3 == 1) {
              k.uploadAhead(pictures[0]); // in its place, and it never comes
            }
            k.images().grey(raw, grey);
            greys.put("grey " + i, in.bytes(grey));
          }
          return greys;
        });
  }

  private static ParityCase remap(int channels) {
    return new ParityCase(
        "remap, %d channels".formatted(channels),
        new Tolerance(1, 0, 0, "seen equal; OpenCV's rounding may depend on the processor"),
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          Shape source = new Shape(size.height() + 7, size.width() - 3, channels);
          float[] map = in.values(2 * size.pixels(), -5, size.width() + 5, 50);
          map[0] = Float.POSITIVE_INFINITY;
          map[1] = Float.NEGATIVE_INFINITY;
          map[2] = 1e30f;
          DeviceBuffer target = in.poisonedU8(size.withChannels(channels));
          k.images().remap(in.noise(source), in.of(size.withChannels(2), map), target);
          return Map.of("target", in.bytes(target));
        });
  }

  /** Corners with a clear lead are the same pixels; others may be a neighbour that scores alike. */
  private static ParityCase corners() {
    return new ParityCase(
        "corners",
        new Tolerance(0, 0, 0.02, "sums in another order: a near tie may go to another pixel"),
        (k, s, size, r) -> {
          ParityInput in = new ParityInput(k, s, r);
          int cell = 16;
          int cells = (size.width() + cell - 1) / cell * ((size.height() + cell - 1) / cell);
          boolean[] skip = new boolean[cells];
          for (int i = 0; i < cells; i += 5) {
            skip[i] = true;
          }
          float[] uv = new float[2 * cells];
          Arrays.fill(uv, -1);
          int n = k.images().corners(in.picture(size), cell, 5, 40, skip, uv);
          return Map.of("count", new float[] {n}, "uv", uv);
        });
  }
}
