package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;

/** Cuts the picture into regions, eight across and six down. */
record PictureRegions(PinholeCamera camera) {
  static final int COLUMNS = 8;
  static final int ROWS = 6;
  static final int COUNT = COLUMNS * ROWS;

  /** Which region a pixel lies in, {@code [0, COUNT)}; -1 outside the picture. */
  int of(float u, float v) {
    int column = (int) Math.floor(COLUMNS * u / camera.width());
    int row = (int) Math.floor(ROWS * v / camera.height());
    boolean inside = column >= 0 && column < COLUMNS && row >= 0 && row < ROWS;
    return inside ? COLUMNS * row + column : -1;
  }
}
