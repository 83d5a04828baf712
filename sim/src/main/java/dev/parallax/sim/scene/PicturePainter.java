package dev.parallax.sim.scene;

import static dev.parallax.sim.scene.TexturePainter.frac;
import static dev.parallax.sim.scene.TexturePainter.tinted;

/**
 * Makes textures that show things: posters, rows of books, window views. They are meant to be
 * stretched once over a face.
 */
final class PicturePainter {
  private static final int[] INKS = {
    0xC8402F, 0x2F6FB0, 0xE0B53A, 0x3F8F55, 0x7A4A8C, 0xD98A3C, 0x35383D, 0xE9E4D6
  };

  private final PeriodicNoise noise;

  PicturePainter(long seed) {
    noise = new PeriodicNoise(seed);
  }

  /** An abstract print: overlapping discs and bars on paper with a margin. */
  Texture poster() {
    int paper = tinted(INKS[7], 0.8 + 0.2 * noise.cell(1, 1), 0);
    return new Texture(
        512,
        (u, v) -> {
          int rgb = paper;
          boolean margin = Math.min(u, v) < 0.05 || Math.max(u, v) > 0.95;
          for (int i = 0; i < 14 && !margin; i++) {
            double cx = noise.cell(i, 10);
            double cy = noise.cell(i, 11);
            double r = 0.06 + 0.22 * noise.cell(i, 12);
            boolean bar = noise.cell(i, 13) < 0.4;
            boolean inside =
                bar
                    ? Math.abs(u - cx) < r && Math.abs(v - cy) < 0.2 * r
                    : (u - cx) * (u - cx) + (v - cy) * (v - cy) < r * r;
            if (inside) {
              rgb = INKS[(int) (noise.cell(i, 14) * INKS.length)];
            }
          }
          return tinted(rgb, 0.85 + 0.3 * noise.octaves(u, v, 24, 4), 0);
        });
  }

  /** A shelf's front: {@code shelves} boards with books of many widths, heights and colours. */
  Texture books(int shelves) {
    return new Texture(
        512,
        (u, v) -> {
          int shelf = (int) (v * shelves);
          double y = v * shelves - shelf;
          double grain = 0.8 + 0.4 * noise.octaves(u, v, 32, 4);
          if (y < 0.06 || u < 0.02 || u > 0.98) {
            return tinted(0x7A5532, grain, 0);
          }
          // Books stand at uneven places: a warped grid of spines.
          double x = u * 26 + 0.8 * noise.cell(shelf, 3);
          int book = (int) x;
          double cut = 0.25 * noise.cell(book, shelf + 50);
          double fx = x - book;
          int which = fx < cut ? book - 1 : book;
          double top = 0.12 + 0.35 * noise.cell(which, shelf + 20);
          if (y < top || noise.cell(which, shelf + 90) < 0.07) {
            return tinted(0x2A2420, 0.7 * grain + 0.3 * (1 - y), 0);
          }
          boolean seam = Math.abs(fx - cut) < 0.07;
          int ink = INKS[(int) (noise.cell(which, shelf + 30) * INKS.length)];
          double label = frac((y - top) * 5 + noise.cell(which, shelf)) < 0.16 ? 1.45 : 1;
          return tinted(ink, (seam ? 0.35 : 0.85 * label) * grain, 0);
        });
  }

  /** What a window shows by day, with its bars: sky, roofs and trees. */
  Texture windowView() {
    return new Texture(
        512,
        (u, v) -> {
          boolean frame = u < 0.04 || u > 0.96 || v < 0.04 || v > 0.96;
          boolean bar = Math.abs(u - 0.5) < 0.018 || Math.abs(v - 0.42) < 0.014;
          if (frame || bar) {
            return tinted(0xE8E6E0, 0.8 + 0.2 * noise.octaves(u, v, 16, 3), 0);
          }
          double roofs = 0.55 + 0.16 * noise.cell((int) (u * 7), 5);
          double trees = 0.62 + 0.18 * noise.octaves(u, 0.3, 6, 4);
          if (v > trees) {
            return tinted(0x4F7038, 0.5 + noise.octaves(u, v, 24, 4), 0);
          }
          if (v > roofs) {
            boolean pane = frac(u * 28) < 0.45 && frac(v * 22) < 0.5;
            return tinted(pane ? 0x5C6670 : 0xB07A5C, 0.8 + 0.4 * noise.at(u, v, 64), 0);
          }
          return tinted(0xBFD6EC, 0.85 + 0.3 * noise.octaves(u, v, 3, 5), 0);
        });
  }

  /** A screen with lines of text on it. */
  Texture screen() {
    return new Texture(
        256,
        (u, v) -> {
          if (u < 0.03 || u > 0.97 || v < 0.04 || v > 0.94) {
            return 0x18191B;
          }
          int line = (int) (v * 24);
          double end = 0.15 + 0.75 * noise.cell(line, 3);
          double start = 0.06 + 0.06 * (int) (3 * noise.cell(line, 4));
          boolean ink =
              u > start
                  && u < end
                  && frac(v * 24) > 0.3
                  && frac(v * 24) < 0.75
                  && noise.cell((int) (u * 60), line) > 0.25;
          return ink ? INKS[(int) (noise.cell(line, 9) * 6)] | 0x404040 : 0x20242A;
        });
  }

  /** A carton: brown board, tape along the middle, a label and print. */
  Texture carton() {
    return new Texture(
        256,
        (u, v) -> {
          double grain = 0.78 + 0.35 * noise.octaves(u, v, 12, 5);
          if (u > 0.12 && u < 0.42 && v > 0.58 && v < 0.86) {
            boolean text = frac(v * 30) < 0.45 && noise.cell((int) (u * 70), (int) (v * 30)) > 0.4;
            return tinted(text ? 0x303030 : 0xEDEBE4, grain, 0);
          }
          if (u > 0.62 && u < 0.85 && v > 0.15 && v < 0.5) {
            boolean arrow = Math.abs(u - 0.735) < 0.5 * (v - 0.15) && v < 0.32;
            return tinted(arrow ? 0x3A2A1C : 0xB88A58, grain, 0);
          }
          return tinted(Math.abs(v - 0.08) < 0.05 ? 0xD2B98C : 0xB58552, grain, 0);
        });
  }
}
