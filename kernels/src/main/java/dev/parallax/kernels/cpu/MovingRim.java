package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CELL;

import dev.parallax.kernels.DepthGrid;

/**
 * Takes the rim off moving things: dense flow spreads a body's motion over what it passes by, as
 * far as its patches reach. A cell that borders on a resting surface and would look as alike as
 * part of that surface belongs to it.
 */
final class MovingRim {
  /** How far flow spreads: a search patch of 8 pixels at half the picture's size. */
  private static final int REACH_PX = 16;

  /** Half the edge of what is compared; small, so that a patch on the rim sees little else. */
  private static final int PATCH_RADIUS_PX = 3;

  private final DepthGrid grid;
  private final PatchMatch pictures;
  private final CellFlow flow;
  private final GridRays rays;
  private final float[] rho;
  private final RestingPoint rest;

  /**
   * {@code [ch cw]} inverse depth of the resting surface that a cell is given to, NaN if to none.
   */
  private final float[] given;

  private final float[] inverseDepth;

  /**
   * @param flow its cells, already read
   * @param rho {@code [h w]} inverse depth on the grid, NaN unknown
   */
  MovingRim(
      DepthGrid grid,
      byte[] picture,
      byte[] previous,
      CellFlow flow,
      double[] T_prev_cur,
      float[] rho) {
    this.grid = grid;
    this.flow = flow;
    this.rho = rho;
    pictures = new PatchMatch(grid.picture(), picture, previous, PATCH_RADIUS_PX);
    rays = new GridRays(grid, T_prev_cur);
    rest = new RestingPoint(rays);
    given = new float[flow.width * flow.height];
    inverseDepth = new float[flow.width * flow.height];
  }

  /**
   * @param moves {@code [ch cw]} which cells move; those of the rim are taken out
   */
  void trim(boolean[] moves) {
    for (int i = 0; i < moves.length; i++) {
      inverseDepth[i] = rho[i / flow.width * CELL * grid.width() + i % flow.width * CELL];
    }
    for (int way = 0; way < REACH_PX; way += CELL * grid.stride()) {
      for (int i = 0; i < moves.length; i++) {
        given[i] = moves[i] ? restingSurface(moves, i) : Float.NaN;
      }
      for (int i = 0; i < moves.length; i++) {
        if (!Float.isNaN(given[i])) {
          moves[i] = false;
          inverseDepth[i] = given[i];
        }
      }
    }
  }

  /** Inverse depth of the resting neighbour as part of which a cell looks as alike; else NaN. */
  private float restingSurface(boolean[] moves, int i) {
    int w = flow.width;
    float surface = Float.NaN;
    float bound = Float.NaN; // of the moving patch's difference, looked at where needed
    for (int side = 0; side < 4; side++) {
      int j =
          switch (side) {
            case 0 -> i % w > 0 ? i - 1 : -1;
            case 1 -> i % w < w - 1 ? i + 1 : -1;
            case 2 -> i - w;
            default -> i + w;
          };
      if (j < 0 || j >= moves.length || moves[j] || Float.isNaN(inverseDepth[j])) {
        continue;
      }
      bound = Float.isNaN(bound) ? difference(i, flow.u[i], flow.v[i]) : bound;
      float resting = restDifference(i, inverseDepth[j]);
      if (resting <= bound) {
        surface = inverseDepth[j];
        bound = resting;
      }
    }
    return surface;
  }

  private float restDifference(int cell, float r) {
    rest.aim(cell % flow.width * CELL, cell / flow.width * CELL);
    rest.place(r);
    if (rest.isBehind()) {
      return Float.NaN;
    }
    float restU = rays.fx * (rest.px / rest.pz - rest.x);
    float restV = rays.fy * (rest.py / rest.pz - rest.y);
    return difference(cell, restU, restV);
  }

  private float difference(int cell, float du, float dv) {
    int edge = CELL * grid.stride();
    return pictures.difference(cell % flow.width * edge, cell / flow.width * edge, du, dv);
  }
}
