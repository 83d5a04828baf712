package dev.parallax.nodes.runtime.files;

/**
 * One scale of colours from dark violet over teal to yellow, growing steadily in lightness so that
 * it also reads in grey and for the colour-blind.
 */
final class ColourScale {
  /** Colours at equal steps, 0xRRGGBB. */
  private static final int[] STOPS = {
    0x2a1045, 0x3b2a78, 0x33528c, 0x26758e, 0x1f978a, 0x35b778, 0x84d04c, 0xd8e02f, 0xfff7a8
  };

  private ColourScale() {}

  /** The colour at {@code share}, 0..1 and clamped, as 0xRRGGBB. */
  static int rgb(double share) {
    double at = Math.max(0, Math.min(1, share)) * (STOPS.length - 1);
    int i = (int) Math.min(STOPS.length - 2, Math.floor(at));
    double f = at - i;
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double value = (1 - f) * (STOPS[i] >> shift & 255) + f * (STOPS[i + 1] >> shift & 255);
      rgb |= (int) Math.round(value) << shift;
    }
    return rgb;
  }

  /** The scale as a CSS gradient from left to right. */
  static String cssGradient() {
    StringBuilder css = new StringBuilder("linear-gradient(to right");
    for (int stop : STOPS) {
      css.append(", #%06x".formatted(stop));
    }
    return css.append(')').toString();
  }
}
