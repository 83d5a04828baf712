package dev.parallax.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.cpu.CpuVoxelKernels;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.MapperConfig;
import dev.parallax.perception.mapping.OccupancyMapper;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EveryRayOccupancyTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(320, 240, 262, 262, 159.5, 119.5);

  @ParameterizedTest
  @CsvSource({"0", "7", "13", "22", "31"})
  void theMapperFindsWhatEveryRayFinds(int frame) {
    MapperConfig config = MapperConfig.forIndoors();
    Se3 T_room_cam = FurnishedRoom.pose(frame, 40);
    float[] depthM = FurnishedRoom.depth(CAMERA, T_room_cam);
    // The room's faces lie on voxel borders, where rounding decides: move the grid off them.
    Se3 pose = Se3.ofTranslation(0.021, 0.017, 0.013).times(T_room_cam);
    EveryRayOccupancy twin =
        new EveryRayOccupancy(VoxelRules.standard(config.voxelSizeM(), config.maxRangeM()));
    twin.integrate(CAMERA, depthM, pose);
    try (CpuVoxelKernels kernels = new CpuVoxelKernels(1)) {
      OccupancyMapper mapper = new OccupancyMapper(kernels, config);
      float[] stdM = new float[depthM.length];
      mapper.integrate(CAMERA, depthM, stdM, new byte[depthM.length], pose);
      Agreement agreement = Agreement.of(mapper.map(), twin);
      // Ends are located in float here and in double there: a voxel in thousands may differ.
      assertThat(agreement.bothOccupied).isGreaterThan((long) (0.999 * agreement.occupied));
      assertThat(agreement.bothOccupied).isGreaterThan((long) (0.999 * agreement.twinOccupied));
      // Nothing is free that no ray passed, up to the same rounding.
      assertThat(agreement.bothFree).isGreaterThan((long) (0.999 * agreement.free));
      // Voxels that only some rays pass (at an outline, at the picture's border, touching a
      // surface) are free to the twin and left alone by the mapper.
      assertThat(agreement.bothFree).isGreaterThan((long) (0.85 * agreement.twinFree));
    }
  }

  private static final class Agreement {
    long occupied;
    long free;
    long twinOccupied;
    long twinFree;
    long bothOccupied;
    long bothFree;

    static Agreement of(VoxelBlockMap map, EveryRayOccupancy twin) {
      Agreement result = new Agreement();
      byte[] empty = new byte[VoxelBlockMap.BLOCK_VOXELS];
      Arrays.fill(empty, VoxelBlockMap.UNOBSERVED);
      Map<Long, byte[]> mine = new HashMap<>();
      map.forEachBlock((x, y, z, row) -> mine.put(VoxelBlockMap.key(x, y, z), row));
      Set<Long> keys = new HashSet<>(mine.keySet());
      keys.addAll(twin.blocks().keySet());
      for (long key : keys) {
        result.add(mine.getOrDefault(key, empty), twin.blocks().getOrDefault(key, empty));
      }
      return result;
    }

    private void add(byte[] row, byte[] twinRow) {
      for (int i = 0; i < row.length; i++) {
        boolean occupied = row[i] > 0;
        boolean free = VoxelBlockMap.isFree(row[i]);
        boolean twinOccupied = twinRow[i] > 0;
        boolean twinFree = VoxelBlockMap.isFree(twinRow[i]);
        this.occupied += occupied ? 1 : 0;
        this.free += free ? 1 : 0;
        this.twinOccupied += twinOccupied ? 1 : 0;
        this.twinFree += twinFree ? 1 : 0;
        bothOccupied += occupied && twinOccupied ? 1 : 0;
        bothFree += free && twinFree ? 1 : 0;
      }
    }
  }
}
