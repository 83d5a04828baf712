package dev.parallax.nodes.runtime.files;

import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Colours the moments of a run on scales that hold for all of them, so that they can be compared.
 */
final class MomentImages {
  private static final int UNKNOWN_RGB = 0x6b6b6b;
  private static final int MOVING_RGB = 0xff5c33;
  private static final int JPEG_QUALITY = 82;
  private static final double SLOWEST_FULL_SCALE_MPS = 0.5;

  private final ImageCodec codec = new ImageCodec();
  private final double nearM;
  private final double farM;
  private final double fullScaleMps;

  MomentImages(List<Moment> moments) {
    float[] depths = sortedKnown(moments.stream().map(Moment::depthM).toList());
    float[] speeds = sortedKnown(moments.stream().map(Moment::speedMps).toList());
    nearM = quantile(depths, 0.02, 1);
    farM = Math.max(quantile(depths, 0.98, 2), nearM * 1.01);
    fullScaleMps = Math.max(quantile(speeds, 0.99, 0), SLOWEST_FULL_SCALE_MPS);
  }

  double nearM() {
    return nearM;
  }

  double farM() {
    return farM;
  }

  /** The depth in the middle of the scale, which is even in inverse depth. */
  double middleM() {
    return 2 / (1 / nearM + 1 / farM);
  }

  double fullScaleMps() {
    return fullScaleMps;
  }

  String picture(Moment m) {
    return "data:image/jpeg;base64,"
        + Base64.getEncoder().encodeToString(codec.encodeJpeg(m.picture(), JPEG_QUALITY));
  }

  /** Near is bright; grey where unknown. */
  String depth(Moment m) {
    double atFar = 1 / farM;
    double span = 1 / nearM - atFar;
    return png(
        m,
        i ->
            m.depthM()[i] > 0 // false for NaN
                ? ColourScale.rgb((1 / m.depthM()[i] - atFar) / span)
                : UNKNOWN_RGB);
  }

  /** Speed of what moves by itself; pixels labelled as moving that have no speed are orange. */
  String sceneFlow(Moment m) {
    return png(
        m,
        i -> {
          boolean known = Float.isFinite(m.speedMps()[i]);
          if (m.moving()[i] == MovingMask.MOVING && !known) {
            return MOVING_RGB;
          }
          return known ? ColourScale.rgb(m.speedMps()[i] / fullScaleMps) : UNKNOWN_RGB;
        });
  }

  private String png(Moment m, IntUnaryOperator rgbAt) {
    byte[] bgr = new byte[3 * m.width() * m.height()];
    for (int i = 0; i < bgr.length / 3; i++) {
      int rgb = rgbAt.applyAsInt(i);
      bgr[3 * i] = (byte) rgb;
      bgr[3 * i + 1] = (byte) (rgb >> 8);
      bgr[3 * i + 2] = (byte) (rgb >> 16);
    }
    Picture picture = new Picture(m.width(), m.height(), Picture.Format.BGR8, bgr);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(codec.encodePng(picture));
  }

  private static float[] sortedKnown(List<float[]> fields) {
    int n = 0;
    for (float[] field : fields) {
      n += field.length;
    }
    float[] known = new float[n];
    int count = 0;
    for (float[] field : fields) {
      for (float value : field) {
        if (Float.isFinite(value)) {
          known[count++] = value;
        }
      }
    }
    known = Arrays.copyOf(known, count);
    Arrays.sort(known);
    return known;
  }

  private static double quantile(float[] sorted, double q, double whenEmpty) {
    return sorted.length == 0 ? whenEmpty : sorted[(int) (q * (sorted.length - 1))];
  }
}
