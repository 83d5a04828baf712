package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DepthKernels.Estimate;

/**
 * What the pictures say against depth, see {@link dev.parallax.kernels.DepthKernels#patchDoubt}.
 * First {@link #look} at all samples, then {@link #compare} the patches around them.
 */
final class PatchDoubt {
  /** A grey level near the middle, so that sums of squares stay small. */
  private static final float MIDDLE = 128;

  private final int gridWidth;
  private final int gridHeight;
  private final int width; // samples
  private final int height;
  private final float[][] isSeen;
  private final float[][] here;
  private final float[][] there;
  private final float[][] slope;
  private final float[][] parallaxPx; // that the whole inverse depth makes

  PatchDoubt(DepthGrid grid) {
    gridWidth = grid.width();
    gridHeight = grid.height();
    width = DepthKernels.patchSamples(gridWidth);
    height = DepthKernels.patchSamples(gridHeight);
    isSeen = new float[height][width];
    here = new float[height][width];
    there = new float[height][width];
    slope = new float[height][width];
    parallaxPx = new float[height][width];
  }

  boolean fits(DepthGrid grid) {
    return gridWidth == grid.width() && gridHeight == grid.height();
  }

  /** Rows of samples: what {@link #look} and {@link #compare} go over. */
  int rows() {
    return height;
  }

  /** Grey of resting points in both pictures, and the reference's slope along what depth shifts. */
  void look(
      DepthGrid grid,
      byte[] grey,
      byte[] reference,
      double[] T_ref_cur,
      Estimate estimate,
      int begin,
      int end) {
    GridRays rays = new GridRays(grid, T_ref_cur);
    RestingPoint rest = new RestingPoint(rays);
    SoftGrey now = new SoftGrey(grid.picture(), grey);
    SoftGrey then = new SoftGrey(grid.picture(), reference);
    float cx = (float) grid.camera().cx();
    float cy = (float) grid.camera().cy();
    float centre = (float) grid.centre();
    float[] rho = HostBuffer.floats(estimate.inverseDepth());
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < width; u++) {
        isSeen[v][u] = here[v][u] = there[v][u] = slope[v][u] = parallaxPx[v][u] = 0;
        int gu = DepthKernels.PATCH_SPACING * u;
        int gv = DepthKernels.PATCH_SPACING * v;
        float r = rho[gv * gridWidth + gu];
        if (!(r > 0)) {
          continue;
        }
        rest.aim(gu, gv);
        rest.place(r);
        if (rest.isBehind()) {
          continue;
        }
        rest.project();
        float shift = (float) Math.sqrt(rest.ju * rest.ju + rest.jv * rest.jv);
        boolean isInside =
            shift > 0
                && now.at(gu * grid.stride() + centre, gv * grid.stride() + centre)
                && then.at(rays.fx * rest.toX + cx, rays.fy * rest.toY + cy);
        if (isInside) {
          isSeen[v][u] = 1;
          here[v][u] = now.value - MIDDLE;
          there[v][u] = then.value - MIDDLE;
          slope[v][u] = (then.perU * rest.ju + then.perV * rest.jv) / shift;
          parallaxPx[v][u] = shift * r;
        }
      }
    }
  }

  /** The doubt of some rows, once all have been looked at. */
  void compare(int reach, float[] doubt, int begin, int end) {
    PatchRow row = new PatchRow(width);
    float least = 0.5f * (2 * reach + 1) * (2 * reach + 1);
    for (int v = begin; v < end; v++) {
      int last = Math.min(height - 1, v + reach);
      row.clear();
      for (int other = Math.max(0, v - reach); other <= last; other++) {
        row.add(isSeen[other], here[other], there[other], slope[other]);
      }
      row.sum(reach);
      row.weigh(parallaxPx[v]);
      for (int u = 0; u < width; u++) {
        boolean isTold = isSeen[v][u] > 0 && row.seen(u) > least;
        spread(u, v, isTold ? row.relativeStd[u] : 0, doubt);
      }
    }
  }

  /** A sample's doubt, for the grid pixels that it stands for. */
  private void spread(int u, int v, float told, float[] doubt) {
    int endV = Math.min(gridHeight, DepthKernels.PATCH_SPACING * (v + 1));
    int endU = Math.min(gridWidth, DepthKernels.PATCH_SPACING * (u + 1));
    for (int gv = DepthKernels.PATCH_SPACING * v; gv < endV; gv++) {
      for (int gu = DepthKernels.PATCH_SPACING * u; gu < endU; gu++) {
        doubt[gv * gridWidth + gu] = told;
      }
    }
  }
}
