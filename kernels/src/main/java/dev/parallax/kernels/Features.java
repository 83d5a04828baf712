package dev.parallax.kernels;

import java.util.Arrays;

/**
 * Points of a picture that can be found again from elsewhere, with binary descriptors. Equal points
 * look alike, so the Hamming distance of two descriptors is small. Arrays are owned by this value
 * and not to be changed.
 *
 * @param uv {@code [n 2]} pixels, sub-pixel, pixel centres at whole numbers
 * @param octave {@code [n]} level of the picture's pyramid a point was found on, 0 the finest
 * @param angleRad {@code [n]} orientation of the patch, from +u towards +v
 * @param descriptors {@code [n 4]} 256 bits a point
 */
public record Features(float[] uv, int[] octave, float[] angleRad, long[] descriptors) {
  /** Longs in a descriptor. */
  public static final int WORDS = 4;

  /** Bits in a descriptor: the largest distance there is. */
  public static final int BITS = 64 * WORDS;

  public Features {
    int n = octave.length;
    if (uv.length != 2 * n || angleRad.length != n || descriptors.length != WORDS * n) {
      throw new IllegalArgumentException(
          "Features of [%d] octaves with [%d] coordinates, [%d] angles and [%d] descriptor words"
              .formatted(n, uv.length, angleRad.length, descriptors.length));
    }
  }

  public static Features none() {
    return new Features(new float[0], new int[0], new float[0], new long[0]);
  }

  public int count() {
    return octave.length;
  }

  /** Bits in which the descriptors of point i here and point j there differ, 0..256. */
  public int distance(int i, Features other, int j) {
    int bits = 0;
    for (int k = 0; k < WORDS; k++) {
      bits += Long.bitCount(descriptors[WORDS * i + k] ^ other.descriptors[WORDS * j + k]);
    }
    return bits;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Features f
        && Arrays.equals(uv, f.uv)
        && Arrays.equals(octave, f.octave)
        && Arrays.equals(angleRad, f.angleRad)
        && Arrays.equals(descriptors, f.descriptors);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(descriptors);
  }

  @Override
  public String toString() {
    return count() + " features";
  }
}
