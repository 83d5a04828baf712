package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The occupied voxels of a map, as the cloud of their centres. */
public final class RosVoxels {
  private RosVoxels() {}

  public static RosPointCloud centres(VoxelBlockMap map, RosHeader header) {
    return centres(map, Se3.identity(), header);
  }

  /**
   * @param T_frame_map from the map to the header's frame: a translation
   */
  public static RosPointCloud centres(VoxelBlockMap map, Se3 T_frame_map, RosHeader header) {
    Collector collector = new Collector(map.voxelSizeM(), T_frame_map.translation());
    map.forEachBlock(collector);
    return RosPointCloud.ofFloats(header, collector.bytes(), "x", "y", "z");
  }

  private static final class Collector implements VoxelBlockMap.BlockVisitor {
    private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;

    private final double edgeM;
    private final double[] offsetM;
    private float[] xyz = new float[3 * 4096];
    private int used;

    Collector(double edgeM, double[] offsetM) {
      this.edgeM = edgeM;
      this.offsetM = offsetM;
    }

    @Override
    public void visit(int blockX, int blockY, int blockZ, byte[] logOdds) {
      for (int i = 0; i < logOdds.length; i++) {
        if (VoxelBlockMap.isOccupied(logOdds[i])) {
          if (used == xyz.length) {
            xyz = Arrays.copyOf(xyz, 2 * used);
          }
          xyz[used++] = centre(0, blockX * EDGE + i % EDGE);
          xyz[used++] = centre(1, blockY * EDGE + i / EDGE % EDGE);
          xyz[used++] = centre(2, blockZ * EDGE + i / (EDGE * EDGE));
        }
      }
    }

    private float centre(int axis, int voxel) {
      return (float) ((voxel + 0.5) * edgeM + offsetM[axis]);
    }

    byte[] bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(4 * used).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(xyz, 0, used);
      return bytes.array();
    }
  }
}
