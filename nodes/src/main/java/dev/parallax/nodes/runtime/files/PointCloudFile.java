package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.mapping.VoxelBlockMap;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code map/cloud.ply}: the centres of the occupied voxels in odom, binary little endian, coloured
 * by height.
 */
final class PointCloudFile {
  private static final int POINT_BYTES = 3 * Float.BYTES + 3;

  private PointCloudFile() {}

  private record Point(float x, float y, float z) {}

  static void write(OutputFolder folder, VoxelBlockMap map) {
    List<Point> points = occupied(map);
    String header =
        """
        ply
        format binary_little_endian 1.0
        comment centres of occupied voxels in odom, x forward y left z up; edge %s
        element vertex %d
        property float x
        property float y
        property float z
        property uchar red
        property uchar green
        property uchar blue
        end_header
        """
            .formatted(map.voxelSizeM(), points.size());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(body(points));
    folder.write("map/cloud.ply", out.toByteArray());
  }

  private static List<Point> occupied(VoxelBlockMap map) {
    List<Point> points = new ArrayList<>();
    int edge = VoxelBlockMap.BLOCK_EDGE;
    double size = map.voxelSizeM();
    map.forEachBlock(
        (bx, by, bz, logOdds) -> {
          for (int i = 0; i < logOdds.length; i++) {
            if (VoxelBlockMap.isOccupied(logOdds[i])) {
              points.add(
                  new Point(
                      (float) ((bx * edge + i % edge + 0.5) * size),
                      (float) ((by * edge + i / edge % edge + 0.5) * size),
                      (float) ((bz * edge + i / (edge * edge) + 0.5) * size)));
            }
          }
        });
    return points;
  }

  private static byte[] body(List<Point> points) {
    ByteBuffer buffer =
        ByteBuffer.allocate(points.size() * POINT_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    double low = points.stream().mapToDouble(Point::z).min().orElse(0);
    double high = points.stream().mapToDouble(Point::z).max().orElse(0);
    for (Point p : points) {
      int rgb = ColourScale.rgb(high > low ? (p.z() - low) / (high - low) : 0);
      buffer.putFloat(p.x()).putFloat(p.y()).putFloat(p.z());
      buffer.put((byte) (rgb >> 16)).put((byte) (rgb >> 8)).put((byte) rgb);
    }
    return buffer.array();
  }
}
