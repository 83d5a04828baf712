package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Picture;

/** Turns pictures clockwise by a multiple of 90 degrees. */
enum QuarterTurn {
  NONE(0),
  RIGHT(90),
  HALF(180),
  LEFT(270);

  private final int degrees;

  QuarterTurn(int degrees) {
    this.degrees = degrees;
  }

  /** The turn nearest to an angle clockwise. */
  static QuarterTurn nearest(double degreesClockwise) {
    return values()[Math.floorMod((int) Math.round(degreesClockwise / 90), 4)];
  }

  int degrees() {
    return degrees;
  }

  /** The picture turned; itself where there is nothing to turn. */
  Picture of(Picture picture) {
    if (this == NONE) {
      return picture;
    }
    int width = picture.width();
    int height = picture.height();
    boolean upright = this == HALF;
    int newWidth = upright ? width : height;
    int channels = picture.format().channels();
    byte[] turned = new byte[picture.data().length];
    for (int v = 0; v < height; v++) {
      for (int u = 0; u < width; u++) {
        int newU = this == RIGHT ? height - 1 - v : this == LEFT ? v : width - 1 - u;
        int newV = this == RIGHT ? u : this == LEFT ? width - 1 - u : height - 1 - v;
        System.arraycopy(
            picture.data(),
            (v * width + u) * channels,
            turned,
            (newV * newWidth + newU) * channels,
            channels);
      }
    }
    return new Picture(newWidth, upright ? height : width, picture.format(), turned);
  }
}
