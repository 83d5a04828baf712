package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.Covariance6;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What one frame gives, as ROS messages. Stateless. */
public final class RosFrameMessages {
  private RosFrameMessages() {}

  /** Metres along optical z, NaN where unknown, +Inf for sky (REP 117, 118). */
  public static RosFloatImage depth(Estimated frame, RosHeader header) {
    DepthMap depth = frame.depth();
    return new RosFloatImage(header, depth.height(), depth.width(), 1, depth.depthM());
  }

  /** One standard deviation of depth, metres. */
  public static RosFloatImage depthStd(Estimated frame, RosHeader header) {
    DepthMap depth = frame.depth();
    return new RosFloatImage(header, depth.height(), depth.width(), 1, depth.stdM());
  }

  /** The rectified camera that depth, scene flow and mask lie on. */
  public static RosCameraInfo depthCamera(Estimated frame, RosHeader header) {
    return RosCameraInfo.rectified(header, frame.depthCamera());
  }

  /** Metres per second along x, y, z of the camera, its own motion removed. */
  public static RosFloatImage sceneFlow(Estimated frame, RosHeader header) {
    var field = frame.sceneFlow();
    return new RosFloatImage(header, field.height(), field.width(), 3, field.velocityMps());
  }

  /** 255 moving, 0 static, 127 unknown. */
  public static RosImage movingMask(Estimated frame, RosHeader header) {
    MovingMask mask = frame.movingMask();
    return new RosImage(
        header, mask.height(), mask.width(), "mono8", false, mask.width(), mask.labels());
  }

  /** Every pixel of known depth: x, y, z in the camera's frame, its colour, its depth's std. */
  public static RosPointCloud points(Estimated frame, RosHeader header) {
    PinholeCamera camera = frame.depthCamera();
    DepthMap depth = frame.depth();
    int known = 0;
    for (float depthM : depth.depthM()) {
      known += Float.isFinite(depthM) ? 1 : 0;
    }
    ByteBuffer data = ByteBuffer.allocate(20 * known).order(ByteOrder.LITTLE_ENDIAN);
    for (int v = 0, i = 0; v < depth.height(); v++) {
      for (int u = 0; u < depth.width(); u++, i++) {
        float z = depth.depthM()[i];
        if (Float.isFinite(z)) {
          data.putFloat((float) ((u - camera.cx()) / camera.fx()) * z);
          data.putFloat((float) ((v - camera.cy()) / camera.fy()) * z);
          data.putFloat(z);
          data.putInt(colour(frame, u, v));
          data.putFloat(depth.stdM()[i]);
        }
      }
    }
    return RosPointCloud.ofFloats(header, data.array(), "x", "y", "z", "rgb", "std");
  }

  /**
   * The covariance of a pose as ROS means it, over position and rotation about the parent's axes
   * through the child, from a left perturbation {@code T = exp(delta) * T}: to first order the
   * position moves by {@code dt + dr x p}.
   *
   * @param covariance {@code [6 6]} (translation, rotation), left perturbation in the parent
   */
  public static double[] poseCovariance(double[] covariance, Se3 T_parent_child) {
    double[] j = new double[36];
    for (int i = 0; i < 6; i++) {
      j[7 * i] = 1;
    }
    double x = T_parent_child.tx();
    double y = T_parent_child.ty();
    double z = T_parent_child.tz();
    j[4] = z; // dr x p = -[p]x dr
    j[5] = -y;
    j[6 + 3] = -z;
    j[6 + 5] = x;
    j[12 + 3] = y;
    j[12 + 4] = -x;
    return Covariance6.congruent(j, covariance);
  }

  /** 0x00RRGGBB of the picture's pixel that a pixel of depth lies on. */
  private static int colour(Estimated frame, int u, int v) {
    Picture picture = frame.rectified();
    int x = Math.min(picture.width() - 1, u * picture.width() / frame.depthCamera().width());
    int y = Math.min(picture.height() - 1, v * picture.height() / frame.depthCamera().height());
    int at = (y * picture.width() + x) * picture.format().channels();
    byte[] data = picture.data();
    if (picture.format() == Picture.Format.MONO8) {
      return (data[at] & 255) * 0x010101;
    }
    return (data[at + 2] & 255) << 16 | (data[at + 1] & 255) << 8 | data[at] & 255;
  }
}
