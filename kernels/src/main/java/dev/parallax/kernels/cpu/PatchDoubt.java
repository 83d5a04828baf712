package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DepthKernels.Estimate;
import java.util.Arrays;

/**
 * What the pictures say against depth, see {@link dev.parallax.kernels.DepthKernels#patchDoubt}.
 * First {@link #look} at all samples, then {@link #compare} the patches around them.
 */
final class PatchDoubt {
  /** What differs by this much may be the sensor's noise; squared grey levels. */
  private static final float NOISE = 9;

  /** Added to variances before exposures are told from them, squared grey levels. */
  private static final float FLAT = 4;

  /** Exposure changes by no more between the pictures. */
  private static final float MAX_GAIN = 1.4f;

  /** A grey level near the middle, so that sums of squares stay small. */
  private static final float MIDDLE = 128;

  /** Sums over a patch: pixels, grey here and there, their products, squared slope. */
  private static final int SUMS = 7;

  private final int gridWidth;
  private final int gridHeight;
  private final int width; // samples
  private final int height;
  private final float[] isSeen;
  private final float[] here;
  private final float[] there;
  private final float[] slope;
  private final float[] parallaxPx; // that the whole inverse depth makes

  PatchDoubt(DepthGrid grid) {
    gridWidth = grid.width();
    gridHeight = grid.height();
    width = DepthKernels.patchSamples(gridWidth);
    height = DepthKernels.patchSamples(gridHeight);
    isSeen = new float[width * height];
    here = new float[width * height];
    there = new float[width * height];
    slope = new float[width * height];
    parallaxPx = new float[width * height];
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
        int i = v * width + u;
        isSeen[i] = here[i] = there[i] = slope[i] = parallaxPx[i] = 0;
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
          isSeen[i] = 1;
          here[i] = now.value - MIDDLE;
          there[i] = then.value - MIDDLE;
          slope[i] = (then.perU * rest.ju + then.perV * rest.jv) / shift;
          parallaxPx[i] = shift * r;
        }
      }
    }
  }

  /** The doubt of some rows, once all have been looked at. */
  void compare(int reach, float[] doubt, int begin, int end) {
    float[] columns = new float[SUMS * width];
    float[] sums = new float[SUMS];
    float least = 0.5f * (2 * reach + 1) * (2 * reach + 1);
    for (int v = begin; v < end; v++) {
      sumColumns(v, reach, columns);
      for (int u = 0; u < width; u++) {
        float told = 0;
        if (isSeen[v * width + u] > 0) {
          Arrays.fill(sums, 0);
          for (int at = Math.max(0, u - reach); at <= Math.min(width - 1, u + reach); at++) {
            for (int k = 0; k < SUMS; k++) {
              sums[k] += columns[k * width + at];
            }
          }
          if (sums[0] > least) {
            told = relativeStd(sums, parallaxPx[v * width + u]);
          }
        }
        spread(u, v, told, doubt);
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

  private void sumColumns(int v, int reach, float[] columns) {
    Arrays.fill(columns, 0);
    for (int row = Math.max(0, v - reach); row <= Math.min(height - 1, v + reach); row++) {
      for (int u = 0; u < width; u++) {
        int i = row * width + u;
        columns[u] += isSeen[i];
        columns[width + u] += here[i];
        columns[2 * width + u] += there[i];
        columns[3 * width + u] += here[i] * here[i];
        columns[4 * width + u] += there[i] * there[i];
        columns[5 * width + u] += here[i] * there[i];
        columns[6 * width + u] += slope[i] * slope[i];
      }
    }
  }

  private static float relativeStd(float[] sums, float parallaxPx) {
    float n = sums[0];
    float meanHere = sums[1] / n;
    float meanThere = sums[2] / n;
    float varianceHere = Math.max(sums[3] / n - meanHere * meanHere, 0);
    float varianceThere = Math.max(sums[4] / n - meanThere * meanThere, 0);
    float both = sums[5] / n - meanHere * meanThere;
    float gain = (float) Math.sqrt((varianceHere + FLAT) / (varianceThere + FLAT));
    gain = Math.min(MAX_GAIN, Math.max(1 / MAX_GAIN, gain));
    float differs = varianceHere + gain * gain * varianceThere - 2 * gain * both;
    float perPixel = gain * gain * (sums[6] / n) + NOISE;
    return (float) Math.sqrt(Math.max(differs, 0) / perPixel) / Math.max(parallaxPx, 0.1f);
  }
}
