package dev.parallax.nodes.ros.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosPointCloud;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.mapping.OccupancyGrid2d;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DistanceSliceTest {
  private static final RosHeader HEADER = new RosHeader(0, new Timestamp(1), "odom");

  @Test
  void equalsTheNearestOfAllCellsOnRandomGrids() {
    Random random = new Random(5);
    for (int trial = 0; trial < 50; trial++) {
      OccupancyGrid2d grid = random(random, 1 + random.nextInt(20), 1 + random.nextInt(20));
      float[] distancesM = DistanceSlice.distancesM(grid);
      for (int i = 0; i < distancesM.length; i++) {
        assertThat((double) distancesM[i])
            .as("cell %d of %s", i, Arrays.toString(grid.cells()))
            .isCloseTo(nearest(grid, i), within(1e-5));
      }
    }
  }

  @Test
  void nothingToBeFarFromIsInfinitelyFar() {
    OccupancyGrid2d empty = new OccupancyGrid2d(3, 2, 0.1, 0, 0, new byte[6]);
    assertThat(DistanceSlice.distancesM(empty)).containsOnly(Float.POSITIVE_INFINITY);
  }

  @Test
  void publishesKnownCellsAlone() {
    byte[] cells = {OccupancyGrid2d.FREE, OccupancyGrid2d.UNKNOWN, OccupancyGrid2d.OCCUPIED};
    RosPointCloud cloud =
        DistanceSlice.of(new OccupancyGrid2d(3, 1, 0.5, 10, 20, cells), 1.5, HEADER);
    ByteBuffer data = ByteBuffer.wrap(cloud.data()).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[8];
    data.asFloatBuffer().get(values);
    assertThat(cloud.width()).isEqualTo(2);
    assertThat(values)
        .containsExactly(new float[] {10.25f, 20.25f, 1.5f, 1, 11.25f, 20.25f, 1.5f, -0.5f});
  }

  private static OccupancyGrid2d random(Random random, int width, int height) {
    byte[] cells = new byte[width * height];
    for (int i = 0; i < cells.length; i++) {
      int kind = random.nextInt(8);
      cells[i] =
          kind == 0
              ? OccupancyGrid2d.OCCUPIED
              : kind < 3 ? OccupancyGrid2d.UNKNOWN : OccupancyGrid2d.FREE;
    }
    cells[0] = OccupancyGrid2d.OCCUPIED;
    cells[cells.length - 1] = cells.length == 1 ? cells[0] : OccupancyGrid2d.FREE;
    return new OccupancyGrid2d(width, height, 0.1, 0, 0, cells);
  }

  private static double nearest(OccupancyGrid2d grid, int i) {
    boolean inside = grid.cells()[i] == OccupancyGrid2d.OCCUPIED;
    double best = Double.POSITIVE_INFINITY;
    for (int j = 0; j < grid.cells().length; j++) {
      if ((grid.cells()[j] == OccupancyGrid2d.OCCUPIED) != inside) {
        double dx = j % grid.width() - i % grid.width();
        double dy = j / grid.width() - i / grid.width();
        best = Math.min(best, Math.hypot(dx, dy));
      }
    }
    return (inside ? -1 : 1) * best * grid.resolutionM();
  }
}
