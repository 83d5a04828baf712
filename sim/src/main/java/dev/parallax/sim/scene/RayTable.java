package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.CameraModel;

/**
 * The viewing ray of every pixel of a camera, made once, and for every tile of pixels the cone that
 * holds its rays. Immutable.
 */
final class RayTable {
  /** Edge of a tile, pixels. */
  static final int TILE = 16;

  /** How much wider bounds are than the pixels' centres: edges are supersampled around them. */
  private static final double MARGIN_PX = 1.5;

  final CameraModel camera;
  final int width;
  final int height;
  final int tilesX;
  final int tilesY;
  final double[] rays; // [height width 3] unit vectors in the optical frame, NaN where none

  /** The cones: axis and half angle, {@code [tilesY tilesX 5]} as x y z cos sin. */
  final double[] cones;

  /**
   * For every tile a box around its rays' directions: {@code [tilesY tilesX 6]} as centre x y z and
   * half extents x y z.
   */
  final double[] beams;

  /** Angle between neighbouring pixels at the picture's centre, radians. */
  final double pixelRad;

  RayTable(CameraModel camera) {
    this.camera = camera;
    width = camera.width();
    height = camera.height();
    tilesX = (width + TILE - 1) / TILE;
    tilesY = (height + TILE - 1) / TILE;
    rays = new double[3 * width * height];
    double[] ray = new double[3];
    for (int v = 0; v < height; v++) {
      for (int u = 0; u < width; u++) {
        boolean known = camera.unproject(u, v, ray);
        for (int i = 0; i < 3; i++) {
          rays[3 * (v * width + u) + i] = known ? ray[i] : Double.NaN;
        }
      }
    }
    int middle = 3 * (height / 2 * width + width / 2);
    pixelRad =
        Math.hypot(
            Math.hypot(rays[middle] - rays[middle - 3], rays[middle + 1] - rays[middle - 2]),
            rays[middle + 2] - rays[middle - 1]);
    beams = new double[6 * tilesX * tilesY];
    cones = new double[5 * tilesX * tilesY];
    for (int tile = 0; tile < tilesX * tilesY; tile++) {
      fitCone(tile);
      fitBeam(tile);
    }
  }

  private void fitBeam(int tile) {
    double[] low = {1, 1, 1};
    double[] high = {-1, -1, -1};
    int u0 = tile % tilesX * TILE;
    int v0 = tile / tilesX * TILE;
    for (int v = v0; v < Math.min(height, v0 + TILE); v++) {
      for (int u = u0; u < Math.min(width, u0 + TILE); u++) {
        for (int k = 0; k < 3; k++) {
          double d = rays[3 * (v * width + u) + k];
          if (!Double.isNaN(d)) {
            low[k] = Math.min(low[k], d);
            high[k] = Math.max(high[k], d);
          }
        }
      }
    }
    for (int k = 0; k < 3; k++) {
      beams[6 * tile + k] = (low[k] + high[k]) / 2;
      beams[6 * tile + 3 + k] = Math.max(0, high[k] - low[k]) / 2 + MARGIN_PX * pixelRad;
    }
  }

  private void fitCone(int tile) {
    int u0 = tile % tilesX * TILE;
    int v0 = tile / tilesX * TILE;
    int u1 = Math.min(width, u0 + TILE);
    int v1 = Math.min(height, v0 + TILE);
    double[] mean = new double[3];
    for (int v = v0; v < v1; v++) {
      for (int u = u0; u < u1; u++) {
        int at = 3 * (v * width + u);
        if (!Double.isNaN(rays[at])) {
          mean[0] += rays[at];
          mean[1] += rays[at + 1];
          mean[2] += rays[at + 2];
        }
      }
    }
    double n = Math.sqrt(mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]);
    double cos = 1;
    for (int v = v0; v < v1; v++) {
      for (int u = u0; u < u1; u++) {
        int at = 3 * (v * width + u);
        if (!Double.isNaN(rays[at])) {
          double dot = rays[at] * mean[0] + rays[at + 1] * mean[1] + rays[at + 2] * mean[2];
          cos = Math.min(cos, dot / n);
        }
      }
    }
    double half = Math.acos(Math.max(-1, Math.min(1, cos))) + MARGIN_PX * pixelRad;
    int at = 5 * tile;
    cones[at] = n > 0 ? mean[0] / n : 0;
    cones[at + 1] = n > 0 ? mean[1] / n : 0;
    cones[at + 2] = n > 0 ? mean[2] / n : 1;
    cones[at + 3] = Math.cos(half);
    cones[at + 4] = Math.sin(half);
  }
}
