package dev.parallax.sim.scene;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.Se3;

/**
 * Collects the exact truth of one picture, pixel by pixel, from the rays through the pixels'
 * centres. Different threads may paint different pixels.
 */
final class TruthPainter {
  private final CameraModel camera;
  private final int width;
  private final int height;
  private final PointMotion[] motions; // by body index
  private final Se3 T_prevcam_cam_rotation;
  private final Se3 T_nextcam_cam_rotation;
  private final float[] depthM;
  private final float[] backward;
  private final float[] forward;
  private final float[] velocityMps;
  private final byte[] moving;

  TruthPainter(CameraView view, PointMotion.Instants when) {
    camera = view.table().camera;
    width = camera.width();
    height = camera.height();
    motions = new PointMotion[view.bodies().length];
    for (BodyView body : view.bodies()) {
      motions[body.bodyIndex] = new PointMotion(body.body.motion(), when);
    }
    T_prevcam_cam_rotation = when.T_world_prevcam().inverse().times(when.T_world_cam());
    T_nextcam_cam_rotation = when.T_world_nextcam().inverse().times(when.T_world_cam());
    depthM = new float[width * height];
    backward = new float[2 * width * height];
    forward = new float[2 * width * height];
    velocityMps = new float[3 * width * height];
    moving = new byte[width * height];
  }

  /**
   * Records what the ray of a pixel met.
   *
   * @param uv scratch {@code [2]} of the calling thread
   */
  void paint(int u, int v, double dx, double dy, double dz, Hit hit, double[] uv) {
    int at = v * width + u;
    BodyView view = hit.view;
    if (view == null) {
      depthM[at] = Float.POSITIVE_INFINITY;
      velocityMps[3 * at] = Float.NaN;
      velocityMps[3 * at + 1] = Float.NaN;
      velocityMps[3 * at + 2] = Float.NaN;
      rotated(T_prevcam_cam_rotation, u, v, dx, dy, dz, backward, uv);
      rotated(T_nextcam_cam_rotation, u, v, dx, dy, dz, forward, uv);
      return;
    }
    depthM[at] = (float) (hit.rangeM * dz);
    PointMotion motion = motions[view.bodyIndex];
    moved(motion.T_prevcam_body(), u, v, hit, backward, uv);
    moved(motion.T_nextcam_body(), u, v, hit, forward, uv);
    if (view.body.isStill()) {
      return;
    }
    double speed2 = 0;
    for (int axis = 0; axis < 3; axis++) {
      double component = motion.velocityMps(axis, hit.x, hit.y, hit.z);
      velocityMps[3 * at + axis] = (float) component;
      speed2 += component * component;
    }
    double limit = PointMotion.MOVING_SPEED_MPS;
    moving[at] = speed2 > limit * limit ? MovingMask.MOVING : MovingMask.STATIC;
  }

  /** Records that a pixel has no ray under the camera's model. */
  void paintUnknown(int u, int v) {
    int at = v * width + u;
    depthM[at] = Float.NaN;
    moving[at] = MovingMask.UNKNOWN;
    for (int i = 0; i < 3; i++) {
      velocityMps[3 * at + i] = Float.NaN;
    }
    for (int i = 0; i < 2; i++) {
      backward[2 * at + i] = Float.NaN;
      forward[2 * at + i] = Float.NaN;
    }
  }

  private void moved(Se3 T, int u, int v, Hit hit, float[] flow, double[] uv) {
    project(
        T.r(0, 0) * hit.x + T.r(0, 1) * hit.y + T.r(0, 2) * hit.z + T.tx(),
        T.r(1, 0) * hit.x + T.r(1, 1) * hit.y + T.r(1, 2) * hit.z + T.ty(),
        T.r(2, 0) * hit.x + T.r(2, 1) * hit.y + T.r(2, 2) * hit.z + T.tz(),
        u,
        v,
        flow,
        uv);
  }

  /** What is infinitely far moves by rotation alone. */
  private void rotated(
      Se3 T, int u, int v, double dx, double dy, double dz, float[] flow, double[] uv) {
    project(
        T.r(0, 0) * dx + T.r(0, 1) * dy + T.r(0, 2) * dz,
        T.r(1, 0) * dx + T.r(1, 1) * dy + T.r(1, 2) * dz,
        T.r(2, 0) * dx + T.r(2, 1) * dy + T.r(2, 2) * dz,
        u,
        v,
        flow,
        uv);
  }

  private void project(double x, double y, double z, int u, int v, float[] flow, double[] uv) {
    int at = 2 * (v * width + u);
    boolean seen = camera.project(x, y, z, uv);
    flow[at] = seen ? (float) (uv[0] - u) : Float.NaN;
    flow[at + 1] = seen ? (float) (uv[1] - v) : Float.NaN;
  }

  DepthMap depth() {
    float[] stdM = new float[width * height];
    for (int i = 0; i < stdM.length; i++) {
      stdM[i] = Float.isNaN(depthM[i]) ? Float.NaN : 0;
    }
    return new DepthMap(width, height, depthM, stdM);
  }

  FlowField backwardFlow() {
    return new FlowField(width, height, backward);
  }

  FlowField forwardFlow() {
    return new FlowField(width, height, forward);
  }

  SceneFlowField sceneFlow() {
    return new SceneFlowField(width, height, velocityMps);
  }

  MovingMask movingMask() {
    return new MovingMask(width, height, moving);
  }
}
