package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * A picture shrunk as Parallax's own network takes it, whatever its shape: about as many pixels as
 * in training, whole multiples of {@link NetworkInput#MULTIPLE}.
 *
 * @param camera of the shrunk picture
 * @param grey {@code [H W]} of that camera, 0..255
 */
public record NetworkPicture(PinholeCamera camera, float[] grey) {
  private static final double PIXELS = 256.0 * 192;

  /**
   * @param rectified a picture without distortion, of {@code camera}
   */
  public static NetworkPicture of(Picture rectified, PinholeCamera camera) {
    AreaResize resize = resize(rectified);
    return new NetworkPicture(resize.camera(camera), resize.grey(rectified));
  }

  static AreaResize resize(Picture picture) {
    int multiple = NetworkInput.MULTIPLE;
    double aspect = (double) picture.width() / picture.height();
    long columns = Math.max(1, Math.round(Math.sqrt(PIXELS * aspect) / multiple));
    long rows = Math.max(1, Math.round(columns / aspect));
    return new AreaResize(
        picture.width(), picture.height(), (int) columns * multiple, (int) rows * multiple);
  }
}
