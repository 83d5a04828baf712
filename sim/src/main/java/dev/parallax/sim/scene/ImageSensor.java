package dev.parallax.sim.scene;

import java.util.Random;

/**
 * Turns light into bytes as a cheap camera does: exposure that wanders a little, shot and read
 * noise, quantisation. The noise of a pixel depends on seed, frame and place only, so the bytes are
 * the same whatever the number of threads.
 *
 * @param readNoise standard deviation in grey levels in the dark
 * @param shotNoise standard deviation added (in squares) at full white
 * @param exposureSwing largest relative change of exposure, over some seconds
 */
record ImageSensor(long seed, double readNoise, double shotNoise, double exposureSwing) {
  private static final int GAUSS_BITS = 12;
  private static final float[] GAUSS = gauss();

  /** A small colour camera indoors. */
  static ImageSensor typical(long seed) {
    return new ImageSensor(seed, 1.2, 1.6, 0.03);
  }

  /** A camera without any flaw but its eight bits. */
  static ImageSensor perfect() {
    return new ImageSensor(0, 0, 0, 0);
  }

  /**
   * Exposes one row.
   *
   * @param rgb {@code [height width 3]} red, green, blue
   * @param bgr8 receives the bytes of this row, {@code [height width 3]} blue first
   */
  void expose(int row, int width, long frame, double timeS, float[] rgb, byte[] bgr8) {
    float gain = (float) gain(timeS);
    float read2 = (float) (readNoise * readNoise);
    float shot2 = (float) (shotNoise * shotNoise / 255);
    boolean noisy = readNoise > 0 || shotNoise > 0;
    long rowKey = mix(mix(seed ^ 0x5DEECE66DL) + frame) + row * 0x9E3779B97F4A7C15L;
    for (int u = 0; u < width; u++) {
      int at = 3 * (row * width + u);
      long bits = noisy ? mix(rowKey + u) : 0;
      for (int channel = 0; channel < 3; channel++) {
        float value = gain * rgb[at + 2 - channel];
        if (noisy) {
          int draw = (int) (bits >>> (channel * GAUSS_BITS)) & (GAUSS.length - 1);
          value += GAUSS[draw] * (float) Math.sqrt(read2 + shot2 * Math.max(0, value));
        }
        bgr8[at + channel] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }

  private double gain(double timeS) {
    double phase = (mix(seed) >>> 11) * 0x1p-53 * 2 * Math.PI;
    return 1 + exposureSwing * Math.sin(2 * Math.PI * 0.13 * timeS + phase);
  }

  /** SplitMix64's finaliser (Steele et al. 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static float[] gauss() {
    Random random = new Random(7);
    float[] table = new float[1 << GAUSS_BITS];
    for (int i = 0; i < table.length; i++) {
      table[i] = (float) random.nextGaussian();
    }
    return table;
  }
}
