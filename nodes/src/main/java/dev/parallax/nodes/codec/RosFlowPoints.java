package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What moves by itself, as a cloud of points with their velocities. */
public final class RosFlowPoints {
  private static final int FLOATS = 7;

  private RosFlowPoints() {}

  /**
   * Every moving pixel whose depth and velocity are known: x, y, z in metres and vx, vy, vz in m/s
   * along the axes of the camera's frame, and the speed.
   */
  public static RosPointCloud moving(Estimated frame, RosHeader header) {
    PinholeCamera camera = frame.depthCamera();
    float[] depthM = frame.depth().depthM();
    float[] v = frame.sceneFlow().velocityMps();
    byte[] labels = frame.movingMask().labels();
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      count += isKnown(labels[i], depthM[i], v, i) ? 1 : 0;
    }
    ByteBuffer data = ByteBuffer.allocate(4 * FLOATS * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < labels.length; i++) {
      if (isKnown(labels[i], depthM[i], v, i)) {
        float z = depthM[i];
        float vx = v[3 * i];
        float vy = v[3 * i + 1];
        float vz = v[3 * i + 2];
        data.putFloat((float) ((i % camera.width() - camera.cx()) / camera.fx()) * z)
            .putFloat((float) ((i / camera.width() - camera.cy()) / camera.fy()) * z)
            .putFloat(z)
            .putFloat(vx)
            .putFloat(vy)
            .putFloat(vz)
            .putFloat((float) Math.sqrt(vx * vx + vy * vy + vz * vz));
      }
    }
    return RosPointCloud.ofFloats(header, data.array(), "x", "y", "z", "vx", "vy", "vz", "speed");
  }

  private static boolean isKnown(byte label, float depthM, float[] v, int pixel) {
    return label == MovingMask.MOVING
        && Float.isFinite(depthM)
        && Float.isFinite(v[3 * pixel] + v[3 * pixel + 1] + v[3 * pixel + 2]);
  }
}
