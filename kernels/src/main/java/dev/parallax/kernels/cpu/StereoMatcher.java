package dev.parallax.kernels.cpu;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_calib3d.StereoSGBM;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Disparity of a rectified stereo pair by semi-global matching (Hirschmüller 2008) through OpenCV.
 * Both pictures are matched against the other one, and only what both say alike is kept. For truth
 * to measure against, not for the frame path: a pair takes some tenths of a second. Not
 * thread-safe.
 */
public final class StereoMatcher implements AutoCloseable {
  private static final int BLOCK_PX = 5;

  /** Of small and of large steps of disparity, for each number of a block, as OpenCV recommends. */
  private static final int SMALL_STEP_COST = 8;

  private static final int LARGE_STEP_COST = 32;

  /** The second best match has to cost so many per cent more. */
  private static final int UNIQUENESS_PERCENT = 10;

  private static final int PREFILTER_CAP = 63;

  /** Pieces of fewer pixels that differ by more from what is around them are left out. */
  private static final int SPECKLE_PIXELS = 200;

  private static final int SPECKLE_RANGE_PX = 2;

  /** What OpenCV's fixed-point disparities are multiples of. */
  private static final float STEP_PX = 1 / 16f;

  private static final float MAX_DISAGREEMENT_PX = 1;

  private final int width;
  private final int height;
  private final int channels;
  private final Mat left;
  private final Mat right;
  private final Mat disparity = new Mat();
  private final StereoSGBM matcher;

  /**
   * For pictures of this size; disparities up to an eighth of the width are looked for.
   *
   * @param channels 1 for grey, 3 for colour
   */
  public StereoMatcher(int width, int height, int channels) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    left = new Mat(height, width, opencv_core.CV_8UC(channels));
    right = new Mat(height, width, opencv_core.CV_8UC(channels));
    int numbers = channels * BLOCK_PX * BLOCK_PX;
    int disparities = Math.max(16, (width / 8 + 15) & -16); // a multiple of 16 is asked for
    matcher =
        StereoSGBM.create(
            0,
            disparities,
            BLOCK_PX,
            SMALL_STEP_COST * numbers,
            LARGE_STEP_COST * numbers,
            -1, // both ways are matched here
            PREFILTER_CAP,
            UNIQUENESS_PERCENT,
            SPECKLE_PIXELS,
            SPECKLE_RANGE_PX,
            StereoSGBM.MODE_SGBM);
  }

  /**
   * @param leftPicture {@code [h w channels]} rectified
   * @param rightPicture {@code [h w channels]} of the camera to its right
   * @return {@code [h w]} how many pixels farther left a point of the left picture is in the right
   *     one; NaN where it is not sure
   * @throws IllegalArgumentException if a picture is of another size
   */
  public float[] match(byte[] leftPicture, byte[] rightPicture) {
    int wanted = width * height * channels;
    if (leftPicture.length != wanted || rightPicture.length != wanted) {
      throw new IllegalArgumentException(
          "Pictures of %d and %d bytes where [%d %d %d] are wanted"
              .formatted(leftPicture.length, rightPicture.length, height, width, channels));
    }
    float[] fromLeft = oneWay(leftPicture, rightPicture);
    // Seen in a mirror the right camera is the left one.
    float[] fromRight = mirrored(oneWay(mirrored(rightPicture), mirrored(leftPicture)));
    for (int row = 0; row < height; row++) {
      for (int u = 0; u < width; u++) {
        int i = row * width + u;
        int there = Math.round(u - fromLeft[i]); // 0 for NaN, which stays one
        boolean agree =
            there >= 0
                && Math.abs(fromLeft[i] - fromRight[row * width + there]) <= MAX_DISAGREEMENT_PX;
        fromLeft[i] = agree ? fromLeft[i] : Float.NaN;
      }
    }
    return fromLeft;
  }

  private float[] oneWay(byte[] from, byte[] to) {
    new BytePointer(left.data()).put(from);
    new BytePointer(right.data()).put(to);
    matcher.compute(left, right, disparity);
    short[] steps = new short[width * height];
    new ShortPointer(disparity.data()).get(steps);
    float[] pixels = new float[steps.length];
    Arrays.fill(pixels, Float.NaN);
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] >= 0) { // negative where there is no match
        pixels[i] = STEP_PX * steps[i];
      }
    }
    return pixels;
  }

  private byte[] mirrored(byte[] picture) {
    byte[] mirrored = new byte[picture.length];
    for (int i = 0; i < width * height; i++) {
      System.arraycopy(picture, channels * i, mirrored, channels * mirror(i), channels);
    }
    return mirrored;
  }

  private float[] mirrored(float[] field) {
    float[] mirrored = new float[field.length];
    for (int i = 0; i < field.length; i++) {
      mirrored[mirror(i)] = field[i];
    }
    return mirrored;
  }

  private int mirror(int i) {
    int column = i % width;
    return i - column + width - 1 - column;
  }

  @Override
  public void close() {
    matcher.close();
    disparity.close();
    left.close();
    right.close();
  }
}
