package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.CAMERA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;

class RowsAtOnceTest {
  private static final int POINTS = 200;
  private static final double READOUT_S = 0.02;

  @Test
  void whatACameraSawRowAfterRowIsWhatItWouldHaveSeenAtOnce() {
    PointScene scene = new PointScene(5, POINTS);
    double[] twist = {0.3, -0.1, 0.2, 0.9, -0.7, 0.4};
    scene.window.add(new Keyframe(1, new Timestamp(2), PointScene.MOVED, twist));
    double farthestRolled = 0;
    for (int i = 0; i < POINTS; i++) {
      double[] atOnce = scene.pixel(PointScene.MOVED, i);
      double[] rolled = scene.rolledPixel(PointScene.MOVED, i, twist, READOUT_S);
      scene.points.seen[1][2 * i] = (float) rolled[0];
      scene.points.seen[1][2 * i + 1] = (float) rolled[1];
      scene.points.seen[0][2 * i] = scene.points.uv[2 * i];
      scene.points.seen[0][2 * i + 1] = scene.points.uv[2 * i + 1];
      farthestRolled = Math.max(farthestRolled, Math.abs(rolled[0] - atOnce[0]));
    }
    RollingShutter shutter = new RollingShutter(CAMERA);
    shutter.setReadoutS(READOUT_S);
    RowsAtOnce rows = new RowsAtOnce(CAMERA, shutter, scene.window);
    float[] uv = new float[2];
    double farthest = 0;
    for (int i = 0; i < POINTS; i++) {
      rows.see(scene.points, i, 1, uv, 0);
      double[] atOnce = scene.pixel(PointScene.MOVED, i);
      farthest = Math.max(farthest, Math.hypot(uv[0] - atOnce[0], uv[1] - atOnce[1]));
    }
    assertThat(farthestRolled).as("pixels that the readout moves a point").isGreaterThan(2);
    assertThat(farthest).as("of these are left").isLessThan(0.1);
  }

  @Test
  void theHostsOwnRowsAreTakenAtOnceToo() {
    PointScene scene = new PointScene(6, 1);
    double[] twist = {0, 0, 0, 0.5, 0, 0}; // nods: rows move up or down by f w s
    scene.window.clear();
    scene.window.add(new Keyframe(0, new Timestamp(1), Se3.identity(), twist));
    RollingShutter shutter = new RollingShutter(CAMERA);
    shutter.setReadoutS(READOUT_S);
    RowsAtOnce rows = new RowsAtOnce(CAMERA, shutter, scene.window);
    float[] uv = new float[2];
    float u = (float) CAMERA.cx();
    float v = 400;
    double y = (v - CAMERA.cy()) / CAMERA.fy();
    scene.points.hostX[0] = 0;
    scene.points.hostY[0] = y;
    scene.points.seen[0][0] = u;
    scene.points.seen[0][1] = v;
    rows.see(scene.points, 0, 0, uv, 0);

    double s = shutter.rowS(v);
    // w x p + its z: y moves by -w z, z by w y.
    double before = CAMERA.fy() * (y + 0.5 * s) / (1 - 0.5 * s * y) + CAMERA.cy();
    assertThat(uv[0]).isCloseTo(u, within(0.01f));
    assertThat((double) uv[1]).isCloseTo(before, within(0.02));
    assertThat(Math.abs(uv[1] - v)).as("moved").isGreaterThan(1);
  }

  @Test
  void aPointThatAViewDoesNotSeeStaysUnseen() {
    PointScene scene = new PointScene(7, 1);
    scene.window.add(new Keyframe(1, new Timestamp(2), PointScene.MOVED, new double[6]));
    scene.points.seen[0][0] = scene.points.uv[0];
    scene.points.seen[0][1] = scene.points.uv[1];
    scene.points.seen[1][0] = Float.NaN;
    scene.points.seen[1][1] = Float.NaN;
    float[] uv = new float[2];
    new RowsAtOnce(CAMERA, new RollingShutter(CAMERA), scene.window).see(scene.points, 0, 1, uv, 0);
    assertThat(uv[0]).isNaN();
  }
}
