package dev.parallax.sim.scene;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The light of a scene; strengths are factors on a surface's colour.
 *
 * @param toSun {@code [3]} direction towards the one light that casts shadows, world axes
 * @param sun strength of that light on a surface that faces it
 * @param ambientUp light on surfaces that face up; {@code ambientDown} on those that face down
 * @param lamps lights without shadows
 * @param shadowReachM how far around the camera the sun's shadows are drawn
 * @param sky what is seen where nothing is hit; null shows black
 */
record Lighting(
    double[] toSun,
    double sun,
    double ambientUp,
    double ambientDown,
    List<Lamp> lamps,
    double shadowReachM,
    @Nullable Sky sky) {
  Lighting {
    double n = Math.sqrt(toSun[0] * toSun[0] + toSun[1] * toSun[1] + toSun[2] * toSun[2]);
    if (!(n > 0)) {
      throw new IllegalArgumentException("The direction to the sun has no length");
    }
    toSun = new double[] {toSun[0] / n, toSun[1] / n, toSun[2] / n};
    lamps = List.copyOf(lamps);
  }

  /**
   * A lamp; its light falls to half at {@code reachM}.
   *
   * @param x world position, metres, likewise {@code y} and {@code z}
   */
  record Lamp(double x, double y, double z, double strength, double reachM) {}

  /** Colour of the sky by direction. */
  interface Sky {
    /**
     * @param x direction in world axes, unit length, likewise {@code y} and {@code z}
     * @param pixelRad angle that a pixel covers
     * @param rgb receives {@code [3]} 0..255
     */
    void colour(double x, double y, double z, double pixelRad, float[] rgb);
  }
}
