package dev.parallax.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RestingRowTest {
  private static final DepthGrid GRID =
      new DepthGrid(Shape.of(24, 34), new Intrinsics(30, 31, 16.5, 11.5), 2);

  /** A turn by 0.1 rad to the side and a step of which half goes forward. */
  private static final double[] T_OTHER_GRID = {
    0.995, 0, -0.0998, 0.3, 0, 1, 0, -0.1, 0.0998, 0, 0.995, -0.4
  };

  @Test
  void aRowTellsWhatItsPointsTellToTheBit() {
    GridRays rays = new GridRays(GRID, T_OTHER_GRID);
    RestingRow row = new RestingRow(rays);
    RestingPoint point = new RestingPoint(rays);
    float[] rho = new float[GRID.width()];
    Random random = new Random(1);
    int behind = 0;
    for (int v = 0; v < GRID.height(); v++) {
      for (int u = 0; u < rho.length; u++) {
        rho[u] = 3 * random.nextFloat(); // some so near that the step goes past them
      }
      row.aim(v);
      row.place(rho);
      row.project();
      for (int u = 0; u < rho.length; u++) {
        point.aim(u, v);
        point.place(rho[u]);
        point.project();
        assertEquals(point.farX, row.farX[u]);
        assertEquals(point.pz, row.pz[u]);
        assertEquals(!point.isBehind(), row.isInFront(u));
        assertEquals(point.toX, row.toX[u]);
        assertEquals(point.toY, row.toY[u]);
        assertEquals(point.ju, row.ju[u]);
        assertEquals(point.jv, row.jv[u]);
        behind += point.isBehind() ? 1 : 0;
      }
    }
    assertTrue(behind > 0 && behind < GRID.shape().pixels());
  }
}
