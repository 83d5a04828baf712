package dev.parallax.sim.scene;

/** A sky of clouds on a level far above, fading into haze towards the horizon. */
final class CloudySky implements Lighting.Sky {
  private static final double HAZE_BELOW = 0.22;
  private static final double REPEATS_PER_SLOPE = 0.16;
  private static final float[] HAZE = {214, 222, 230};

  private final Texture clouds;

  CloudySky(Texture clouds) {
    this.clouds = clouds;
  }

  @Override
  public void colour(double x, double y, double z, double pixelRad, float[] rgb) {
    double up = Math.max(z, 0.02);
    double perAngle = REPEATS_PER_SLOPE * pixelRad / up;
    // A level at height h is met at distance h / z, so its scale shrinks by z along the view again.
    clouds.sample(
        REPEATS_PER_SLOPE * x / up, REPEATS_PER_SLOPE * y / up, perAngle, 0, 0, perAngle / up, rgb);
    double share = Math.max(0, Math.min(1, z / HAZE_BELOW));
    float clear = (float) (share * share * (3 - 2 * share));
    for (int i = 0; i < 3; i++) {
      rgb[i] = clear * rgb[i] + (1 - clear) * HAZE[i];
    }
  }
}
