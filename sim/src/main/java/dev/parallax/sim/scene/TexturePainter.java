package dev.parallax.sim.scene;

/** Makes the textures of building materials and cloth; the same seed makes the same texels. */
final class TexturePainter {
  private static final int SIZE = 512;

  private final PeriodicNoise noise;

  TexturePainter(long seed) {
    noise = new PeriodicNoise(seed);
  }

  /** Wall paint: {@code grain} grey levels of soft mottle; small values are weak texture. */
  Texture plaster(int rgb, double grain) {
    return paint(
        (u, v) ->
            tinted(
                rgb,
                1 + grain / 128 * (noise.octaves(u, v, 4, 7) - 0.5) * 2.2,
                grain / 4 * (noise.at(u + 0.37, v, 256) - 0.5)));
  }

  /** Planks along v, {@code planks} of them across. */
  Texture wood(int rgb, int planks) {
    return paint(
        (u, v) -> {
          int plank = (int) (u * planks);
          double across = u * planks - plank;
          double shift = noise.cell(plank, 7);
          double joint = frac(v * 2 + shift);
          boolean gap = across < 0.02 || across > 0.98 || joint < 0.004;
          double tone = 0.78 + 0.35 * noise.cell(plank, (int) Math.floor(v * 2 + shift) & 1);
          double warp = 0.02 * noise.octaves(u, v, 4, 3);
          double rings = noise.octaves(frac(u * 6 + warp + shift), frac(v * 0.999), 8, 5);
          double fibre = noise.octaves(frac(u * 16), v, 8, 4);
          double light = tone * (0.72 + 0.32 * rings + 0.28 * fibre);
          return tinted(rgb, gap ? light * 0.45 : light, 0);
        });
  }

  /** Bricks in running bond, {@code rows} (an even number) of them upwards. */
  Texture brick(int rgb, int mortarRgb, int rows) {
    return paint(
        (u, v) -> {
          int row = (int) (v * rows);
          double x = u * rows / 2 + (row % 2) * 0.5;
          int columns = rows / 2;
          int column = Math.floorMod((int) Math.floor(x), columns);
          double fx = x - Math.floor(x);
          double fy = v * rows - row;
          double grain = noise.octaves(u, v, 32, 4);
          if (fx < 0.05 || fy < 0.11) {
            return tinted(mortarRgb, 0.8 + 0.4 * grain, 0);
          }
          double tone = 0.7 + 0.5 * noise.cell(column, row);
          return tinted(rgb, tone * (0.7 + 0.6 * grain), 18 * (noise.cell(row, column) - 0.5));
        });
  }

  /** Square tiles of two colours with grout, {@code count} (even) along an edge. */
  Texture tiles(int rgbA, int rgbB, int groutRgb, int count) {
    return paint(
        (u, v) -> {
          int x = (int) (u * count);
          int y = (int) (v * count);
          double fx = u * count - x;
          double fy = v * count - y;
          double grain = noise.octaves(u, v, 16, 5);
          if (Math.min(fx, fy) < 0.02 || Math.max(fx, fy) > 0.98) {
            return tinted(groutRgb, 0.7 + 0.5 * grain, 0);
          }
          int rgb = (x + y) % 2 == 0 ? rgbA : rgbB;
          return tinted(rgb, (0.9 + 0.2 * noise.cell(x, y)) * (0.75 + 0.5 * grain), 0);
        });
  }

  /** Short pile with flecks of a second colour. */
  Texture carpet(int rgb, int fleckRgb) {
    return paint(
        (u, v) -> {
          double fleck = noise.octaves(u, v, 48, 3);
          double tone = 0.62 + 0.76 * noise.octaves(u, v, 128, 2);
          double worn = 0.85 + 0.3 * noise.octaves(u, v, 3, 3);
          return tinted(fleck > 0.6 ? fleckRgb : rgb, tone * worn, 0);
        });
  }

  /** Woven cloth with checks of two colours, {@code checks} along an edge. */
  Texture plaid(int rgbA, int rgbB, int checks) {
    return paint(
        (u, v) -> {
          double a = frac(u * checks) < 0.45 ? 1 : 0;
          double b = frac(v * checks) < 0.45 ? 1 : 0;
          double line = frac(u * checks) > 0.7 && frac(u * checks) < 0.76 ? 0.5 : 1;
          double folds = 0.75 + 0.5 * noise.octaves(u, v, 5, 5);
          return mixed(rgbA, rgbB, (a + b) / 2, folds * line);
        });
  }

  /** Cloth with stripes around, {@code stripes} of them. */
  Texture stripes(int rgbA, int rgbB, int stripes) {
    return paint(
        (u, v) -> {
          double folds = 0.72 + 0.56 * noise.octaves(u, v, 6, 5);
          return mixed(rgbA, rgbB, frac(v * stripes) < 0.5 ? 1 : 0, folds);
        });
  }

  /** Jeans, coats: one colour with folds and weave. */
  Texture cloth(int rgb) {
    return paint(
        (u, v) ->
            tinted(
                rgb, 0.55 + 0.6 * noise.octaves(u, v, 4, 5) + 0.3 * noise.octaves(u, v, 64, 2), 0));
  }

  /** Coarse and fine grain of a road. */
  Texture asphalt(int rgb) {
    return paint(
        (u, v) -> {
          double grain = noise.octaves(u, v, 64, 3);
          double patch = noise.octaves(u, v, 3, 5);
          double stone = noise.at(u, v, 170) > 0.82 ? 1.35 : 1;
          boolean crack = Math.abs(noise.octaves(u + 0.5, v, 4, 5) - 0.5) < 0.003;
          return tinted(rgb, stone * (0.5 + 0.5 * grain + 0.5 * patch) * (crack ? 0.6 : 1), 0);
        });
  }

  /** Leaves or grass: light and dark tufts. */
  Texture foliage(int rgb) {
    return paint(
        (u, v) -> {
          double clump = noise.octaves(u, v, 6, 4);
          double leaf = noise.octaves(u, v, 40, 3);
          return tinted(rgb, 0.2 + 0.7 * clump + 0.9 * leaf * leaf, 24 * (leaf - 0.5));
        });
  }

  /** Worn paint on metal or plastic. */
  Texture painted(int rgb) {
    return paint(
        (u, v) ->
            tinted(rgb, 0.88 + 0.2 * noise.octaves(u, v, 3, 4) + 0.06 * noise.at(u, v, 200), 0));
  }

  private static Texture paint(Texture.Paint paint) {
    return new Texture(SIZE, paint);
  }

  /** A colour times a factor plus an offset, kept within bytes. */
  static int tinted(int rgb, double factor, double offset) {
    int r = level(((rgb >> 16) & 255) * factor + offset);
    int g = level(((rgb >> 8) & 255) * factor + offset);
    int b = level((rgb & 255) * factor + offset);
    return (r << 16) | (g << 8) | b;
  }

  static int mixed(int rgbA, int rgbB, double share, double factor) {
    int r = level(factor * (((rgbA >> 16) & 255) * (1 - share) + ((rgbB >> 16) & 255) * share));
    int g = level(factor * (((rgbA >> 8) & 255) * (1 - share) + ((rgbB >> 8) & 255) * share));
    int b = level(factor * ((rgbA & 255) * (1 - share) + (rgbB & 255) * share));
    return (r << 16) | (g << 8) | b;
  }

  private static int level(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  static double frac(double x) {
    return x - Math.floor(x);
  }
}
