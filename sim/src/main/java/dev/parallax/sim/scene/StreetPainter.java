package dev.parallax.sim.scene;

import static dev.parallax.sim.scene.TexturePainter.frac;
import static dev.parallax.sim.scene.TexturePainter.tinted;

/** Makes the textures of a street: façades, shop fronts, cars, clouds. */
final class StreetPainter {
  private final PeriodicNoise noise;

  StreetPainter(long seed) {
    noise = new PeriodicNoise(seed);
  }

  /** Two by two bays of a house front, each with its window; repeats in both directions. */
  Texture facade(int wallRgb, boolean brick) {
    return new Texture(
        512,
        (u, v) -> {
          int bay = (int) (2 * u) + 2 * (int) (2 * v);
          double x = frac(2 * u);
          double y = frac(2 * v);
          double grain = noise.octaves(u, v, 8, 6);
          boolean sill = y > 0.77 && y < 0.81 && x > 0.22 && x < 0.78;
          boolean lintel = y > 0.15 && y < 0.19 && x > 0.24 && x < 0.76;
          if (sill || lintel) {
            return tinted(0xD8D2C4, 0.75 + 0.4 * grain, 0);
          }
          if (x > 0.28 && x < 0.72 && y > 0.19 && y < 0.77) {
            return window((x - 0.28) / 0.44, (y - 0.19) / 0.58, u, v, bay);
          }
          if (y > 0.975) {
            return tinted(wallRgb, 0.55 + 0.3 * grain, 0);
          }
          double joint = 1;
          if (brick) {
            int row = (int) (v * 64);
            double along = frac(u * 24 + 0.5 * (row % 2));
            joint =
                frac(v * 64) < 0.16 || along < 0.07
                    ? 1.25
                    : 0.75 + 0.4 * noise.cell(row, (int) (u * 24 + 0.5 * (row % 2)));
          }
          return tinted(wallRgb, joint * (0.72 + 0.55 * grain), 0);
        });
  }

  private int window(double x, double y, double u, double v, int bay) {
    boolean frame = x < 0.07 || x > 0.93 || y < 0.05 || y > 0.95;
    boolean bars = Math.abs(x - 0.5) < 0.035 || Math.abs(y - 0.35) < 0.025;
    if (frame || bars) {
      return tinted(0xEDEBE6, 0.8 + 0.25 * noise.octaves(u, v, 32, 3), 0);
    }
    double curtain = noise.cell(bay, 4);
    if (curtain > 0.4 && (x < 0.28 || x > 0.72)) {
      return tinted(0xC9BFAE, 0.6 + 0.5 * frac(x * 14), 0);
    }
    if (curtain < 0.25 && y < 0.45) {
      return tinted(0xBFB8A8, 0.7 + 0.3 * frac(y * 18), 0); // a blind half down
    }
    double reflection = noise.octaves(u + 0.3 * bay, v, 6, 4);
    return tinted(0x55687A, 0.45 + 0.9 * reflection, 0);
  }

  /** A ground floor: shop window, sign board and door. */
  Texture shop(int signRgb) {
    return new Texture(
        512,
        (u, v) -> {
          double grain = noise.octaves(u, v, 16, 5);
          if (v < 0.2) {
            int letter = (int) (u * 22);
            boolean ink =
                v > 0.06
                    && v < 0.15
                    && u > 0.15
                    && u < 0.85
                    && noise.cell(letter, (int) (v * 60)) > 0.45
                    && frac(u * 22) > 0.25;
            return tinted(ink ? 0xF2EEDF : signRgb, 0.8 + 0.3 * grain, 0);
          }
          if (u > 0.72 && u < 0.93) {
            boolean panel = u > 0.75 && u < 0.9 && v > 0.3 && v < 0.7;
            return tinted(panel ? 0x4A5B66 : 0x6B3E2A, 0.6 + 0.6 * grain, 0);
          }
          if (u > 0.06 && u < 0.67 && v > 0.26 && v < 0.8) {
            double goods = noise.octaves(u, v, 12, 3);
            int shelf = (int) (v * 9);
            double item = noise.cell((int) (u * 26), shelf);
            return frac(v * 9) > 0.35 && item > 0.45
                ? tinted(0xB59A6A, 0.4 + item * goods * 1.3, 60 * (item - 0.7))
                : tinted(0x3A4650, 0.5 + 0.8 * goods, 0);
          }
          return tinted(0xA39A8B, 0.65 + 0.6 * grain, 0);
        });
  }

  /** A car's flank: two doors, handles, a sill, and the panes above. */
  Texture carSide(int rgb) {
    return new Texture(
        256,
        (u, v) -> {
          double shade = 0.85 + 0.25 * noise.octaves(u, v, 4, 4);
          boolean seam =
              Math.abs(u - 0.36) < 0.005 || Math.abs(u - 0.58) < 0.005 || Math.abs(u - 0.8) < 0.005;
          boolean handle =
              v > 0.2 && v < 0.26 && (Math.abs(u - 0.53) < 0.025 || Math.abs(u - 0.75) < 0.025);
          if (v > 0.84) {
            return tinted(0x26282B, shade, 0);
          }
          boolean crease = Math.abs(v - 0.42) < 0.02;
          return tinted(handle ? 0x2B2D30 : rgb, shade * (seam ? 0.4 : crease ? 1.15 : 1), 0);
        });
  }

  /** A car's end: lights at the corners, a plate, a grille. */
  Texture carEnd(int rgb, int lightRgb) {
    return new Texture(
        256,
        (u, v) -> {
          double shade = 0.85 + 0.25 * noise.octaves(u, v, 4, 4);
          boolean lamp = v > 0.18 && v < 0.45 && (u < 0.2 || u > 0.8);
          boolean plate = v > 0.55 && v < 0.75 && Math.abs(u - 0.5) < 0.16;
          if (plate) {
            boolean ink = v > 0.6 && v < 0.71 && noise.cell((int) (u * 50), 3) > 0.4;
            return ink ? 0x222222 : 0xEDEDE4;
          }
          boolean grille = v > 0.25 && v < 0.45 && Math.abs(u - 0.5) < 0.25 && frac(v * 22) < 0.5;
          return tinted(lamp ? lightRgb : grille || v > 0.85 ? 0x26282B : rgb, shade, 0);
        });
  }

  /** A cabin's panes all around, with pillars. */
  Texture carGlass(int rgb) {
    return new Texture(
        256,
        (u, v) -> {
          boolean pillar = u < 0.06 || u > 0.94 || Math.abs(u - 0.5) < 0.025 || v < 0.1 || v > 0.93;
          double sky = noise.octaves(u, v, 5, 4);
          return pillar ? tinted(rgb, 0.95, 0) : tinted(0x40505C, 0.4 + 1.1 * sky * (1.1 - v), 0);
        });
  }

  /** White with clouds in the sky's blue; repeats. */
  Texture clouds() {
    return new Texture(
        512,
        (u, v) -> {
          double cover = Math.max(0, Math.min(1, (noise.octaves(u, v, 4, 7) - 0.45) * 5));
          return TexturePainter.mixed(0x6F9BCF, 0xF1F3F5, cover, 0.96 + 0.04 * noise.at(u, v, 64));
        });
  }
}
