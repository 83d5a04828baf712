package dev.parallax.sim.scene;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The picture under way: linear colours, and for each pixel what was seen there, so that pixels at
 * edges can be found and supersampled.
 */
final class FrameCanvas {
  /** Subpixel places of an edge pixel: a rotated grid, pixels from its centre. */
  private static final double[] EDGE_U = {-0.125, 0.375, -0.375, 0.125};

  private static final double[] EDGE_V = {-0.375, -0.125, 0.125, 0.375};

  private static final int SKY = -1;

  private final RayTable table;
  private final float[] rgb; // [height width 3]
  private final int[] seen; // [height width] body, face and shadow packed

  FrameCanvas(RayTable table) {
    this.table = table;
    rgb = new float[3 * table.width * table.height];
    seen = new int[table.width * table.height];
  }

  /** Red, green, blue of every pixel, 0..255 and more where too bright. */
  float[] rgb() {
    return rgb;
  }

  /** Casts the rays of one row of tiles through the pixels' centres. */
  void castTileRow(
      int tileRow, CameraView view, @Nullable Shader shader, @Nullable TruthPainter truth) {
    Scratch scratch = new Scratch(view);
    int lastV = Math.min(table.height, (tileRow + 1) * RayTable.TILE);
    for (int tileColumn = 0; tileColumn < table.tilesX; tileColumn++) {
      view.candidates(tileRow * table.tilesX + tileColumn, scratch.candidates);
      int lastU = Math.min(table.width, (tileColumn + 1) * RayTable.TILE);
      for (int v = tileRow * RayTable.TILE; v < lastV; v++) {
        for (int u = tileColumn * RayTable.TILE; u < lastU; u++) {
          castPixel(u, v, shader, truth, scratch);
        }
      }
    }
  }

  private void castPixel(
      int u, int v, @Nullable Shader shader, @Nullable TruthPainter truth, Scratch scratch) {
    int at = v * table.width + u;
    double[] d = scratch.ray;
    if (!loadRay(u, v, d)) {
      seen[at] = SKY;
      if (truth != null) {
        truth.paintUnknown(u, v);
      }
      return;
    }
    scratch.candidates.cast(d[0], d[1], d[2], scratch.hit);
    if (truth != null) {
      truth.paint(u, v, d[0], d[1], d[2], scratch.hit, scratch.uv);
    }
    if (shader != null) {
      boolean shadowed = shader.shade(scratch.hit, d, scratch.rgb);
      seen[at] = label(scratch.hit, shadowed);
      System.arraycopy(scratch.rgb, 0, rgb, 3 * at, 3);
    }
  }

  /** Supersamples the pixels of one row of tiles that lie on an edge of what was seen. */
  void smoothTileRow(int tileRow, CameraView view, Shader shader) {
    Scratch scratch = new Scratch(view);
    int lastV = Math.min(table.height, (tileRow + 1) * RayTable.TILE);
    for (int tileColumn = 0; tileColumn < table.tilesX; tileColumn++) {
      boolean found = false;
      int lastU = Math.min(table.width, (tileColumn + 1) * RayTable.TILE);
      for (int v = tileRow * RayTable.TILE; v < lastV; v++) {
        for (int u = tileColumn * RayTable.TILE; u < lastU; u++) {
          if (!isEdge(u, v) || !loadRay(u, v, scratch.ray)) {
            continue;
          }
          if (!found) {
            found = true;
            view.candidates(tileRow * table.tilesX + tileColumn, scratch.candidates);
          }
          smoothPixel(v * table.width + u, shader, scratch);
        }
      }
    }
  }

  private void smoothPixel(int at, Shader shader, Scratch scratch) {
    double[] d = scratch.ray;
    double[] e = scratch.subRay;
    float red = 0;
    float green = 0;
    float blue = 0;
    for (int i = 0; i < EDGE_U.length; i++) {
      for (int k = 0; k < 3; k++) {
        e[k] = d[k] + EDGE_U[i] * d[3 + k] + EDGE_V[i] * d[6 + k];
        e[3 + k] = 0.5 * d[3 + k];
        e[6 + k] = 0.5 * d[6 + k];
      }
      double n = 1 / Math.sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
      e[0] *= n;
      e[1] *= n;
      e[2] *= n;
      scratch.candidates.cast(e[0], e[1], e[2], scratch.hit);
      shader.shade(scratch.hit, e, scratch.rgb);
      red += scratch.rgb[0];
      green += scratch.rgb[1];
      blue += scratch.rgb[2];
    }
    rgb[3 * at] = red / EDGE_U.length;
    rgb[3 * at + 1] = green / EDGE_U.length;
    rgb[3 * at + 2] = blue / EDGE_U.length;
  }

  private boolean isEdge(int u, int v) {
    int at = v * table.width + u;
    int own = seen[at];
    return (u > 0 && seen[at - 1] != own)
        || (u + 1 < table.width && seen[at + 1] != own)
        || (v > 0 && seen[at - table.width] != own)
        || (v + 1 < table.height && seen[at + table.width] != own);
  }

  private static int label(Hit hit, boolean shadowed) {
    return hit.view == null
        ? SKY
        : (hit.view.bodyIndex * 8 + hit.surface.face) * 2 + (shadowed ? 1 : 0);
  }

  /** The ray of a pixel and how it changes to the right and downwards; false where it has none. */
  private boolean loadRay(int u, int v, double[] d) {
    int at = 3 * (v * table.width + u);
    int right = u + 1 < table.width ? 3 : -3;
    int below = (v + 1 < table.height ? 3 : -3) * table.width;
    for (int k = 0; k < 3; k++) {
      d[k] = table.rays[at + k];
      d[3 + k] = table.rays[at + right + k] - d[k];
      d[6 + k] = table.rays[at + below + k] - d[k];
    }
    if (Double.isNaN(d[3] + d[6])) { // at the rim of the camera's domain
      Arrays.fill(d, 3, 9, table.pixelRad);
    }
    return !Double.isNaN(d[0]);
  }

  /** One thread's scratch. */
  private static final class Scratch {
    final Candidates candidates;
    final Hit hit = new Hit();
    final double[] ray = new double[9];
    final double[] subRay = new double[9];
    final double[] uv = new double[2];
    final float[] rgb = new float[3];

    Scratch(CameraView view) {
      candidates = new Candidates(view.bodies().length);
    }
  }
}
