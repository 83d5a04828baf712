package dev.parallax.nodes.codec;

import dev.parallax.perception.mapping.VoxelBlockMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The occupied voxels of a map, as the cloud of their centres. */
public final class RosVoxels {
  private RosVoxels() {}

  public static RosPointCloud centres(VoxelBlockMap map, RosHeader header) {
    Collector collector = new Collector(map.voxelSizeM());
    map.forEachBlock(collector);
    return RosPointCloud.ofFloats(header, collector.bytes(), "x", "y", "z");
  }

  private static final class Collector implements VoxelBlockMap.BlockVisitor {
    private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;

    private final double edgeM;
    private float[] xyz = new float[3 * 4096];
    private int used;

    Collector(double edgeM) {
      this.edgeM = edgeM;
    }

    @Override
    public void visit(int blockX, int blockY, int blockZ, byte[] logOdds) {
      for (int i = 0; i < logOdds.length; i++) {
        if (VoxelBlockMap.isOccupied(logOdds[i])) {
          if (used == xyz.length) {
            xyz = Arrays.copyOf(xyz, 2 * used);
          }
          xyz[used++] = centre(blockX * EDGE + i % EDGE);
          xyz[used++] = centre(blockY * EDGE + i / EDGE % EDGE);
          xyz[used++] = centre(blockZ * EDGE + i / (EDGE * EDGE));
        }
      }
    }

    private float centre(int voxel) {
      return (float) ((voxel + 0.5) * edgeM);
    }

    byte[] bytes() {
      ByteBuffer bytes = ByteBuffer.allocate(4 * used).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(xyz, 0, used);
      return bytes.array();
    }
  }
}
