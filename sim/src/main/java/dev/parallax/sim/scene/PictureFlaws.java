package dev.parallax.sim.scene;

import dev.parallax.perception.frame.Picture;
import java.util.Arrays;
import java.util.Random;

/**
 * What lies between a perfect colour picture and a real grey one: haze by depth, a lens or a motion
 * that blurs, exposure and tone, noise. Drawn at random, then fixed.
 */
final class PictureFlaws {
  private static final double CLEAR_SHARE = 0.7;
  private static final double SHARP_SHARE = 0.55;

  private final float red;
  private final float green;
  private final float blue;
  private final float hazePerM;
  private final float hazeGrey;
  private final float[] blur; // one row or column of taps, empty for none
  private final boolean blurAcross;
  private final double gain;
  private final double gamma;
  private final double lift;
  private final double noise;
  private final Random grains;

  private PictureFlaws(Random random) {
    // Weights near those of luma, but not the same for every camera: colours turn into other greys.
    double r = 0.1 + random.nextDouble() * 0.5;
    double g = 0.2 + random.nextDouble() * 0.6;
    double b = 0.05 + random.nextDouble() * 0.4;
    red = (float) (r / (r + g + b));
    green = (float) (g / (r + g + b));
    blue = (float) (b / (r + g + b));
    boolean clear = random.nextDouble() < CLEAR_SHARE;
    double hazeM = 15 * Math.pow(20, random.nextDouble());
    hazePerM = clear ? 0 : (float) (1 / hazeM);
    hazeGrey = (float) (150 + 90 * random.nextDouble());
    boolean sharp = random.nextDouble() < SHARP_SHARE;
    int reach = 1 + random.nextInt(3);
    blurAcross = random.nextBoolean();
    blur = sharp ? new float[0] : box(2 * reach + 1);
    gain = Math.exp(0.35 * random.nextGaussian());
    gamma = Math.exp(0.25 * random.nextGaussian());
    lift = 25 * random.nextDouble() * random.nextDouble();
    noise = 0.3 + 5 * random.nextDouble() * random.nextDouble();
    grains = new Random(random.nextLong());
  }

  static PictureFlaws draw(Random random) {
    return new PictureFlaws(random);
  }

  /**
   * @param depthM {@code [height width]} depth, for haze
   * @return {@code [height width]} grey levels
   */
  byte[] apply(Picture bgr, float[] depthM) {
    byte[] data = bgr.data();
    float[] grey = new float[depthM.length];
    for (int i = 0; i < grey.length; i++) {
      float value =
          red * (data[3 * i + 2] & 255)
              + green * (data[3 * i + 1] & 255)
              + blue * (data[3 * i] & 255);
      if (hazePerM > 0 && depthM[i] < Float.POSITIVE_INFINITY) {
        float seen = (float) Math.exp(-hazePerM * depthM[i]);
        value = seen * value + (1 - seen) * hazeGrey;
      }
      grey[i] = value;
    }
    return exposed(blurred(grey, bgr.width(), bgr.height()));
  }

  private float[] blurred(float[] grey, int width, int height) {
    if (blur.length == 0) {
      return grey;
    }
    float[] soft = new float[grey.length];
    int reach = blur.length / 2;
    for (int v = 0; v < height; v++) {
      for (int u = 0; u < width; u++) {
        float sum = 0;
        for (int k = -reach; k <= reach; k++) {
          int x = blurAcross ? Math.max(0, Math.min(width - 1, u + k)) : u;
          int y = blurAcross ? v : Math.max(0, Math.min(height - 1, v + k));
          sum += blur[k + reach] * grey[y * width + x];
        }
        soft[v * width + u] = sum;
      }
    }
    return soft;
  }

  private byte[] exposed(float[] grey) {
    byte[] out = new byte[grey.length];
    double[] tone = new double[256];
    for (int i = 0; i < tone.length; i++) {
      double linear = Math.min(1, gain * i / 255.0);
      tone[i] = lift + (255 - lift) * Math.pow(linear, gamma);
    }
    for (int i = 0; i < grey.length; i++) {
      double value = tone[(int) Math.max(0, Math.min(255, grey[i]))];
      value += noise * grains.nextGaussian();
      out[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
    return out;
  }

  private static float[] box(int taps) {
    float[] box = new float[taps];
    Arrays.fill(box, 1f / taps);
    return box;
  }
}
