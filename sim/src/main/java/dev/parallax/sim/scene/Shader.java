package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * The colour of what a ray met: texture filtered by the pixel's footprint, times the light that
 * falls on it. For one instant; several threads may shade at once.
 */
final class Shader {
  private static final double SUN_LEFT_IN_SHADOW = 0.15;

  private final Lighting lighting;
  private final Se3 T_world_cam;
  private final double pixelRad;
  private final LightGrid shadows;
  private final double[] toSun; // [3] camera frame
  private final double[] up; // [3] camera frame
  private final double[] lamps; // [n 3] camera frame

  Shader(CameraView view) {
    lighting = view.scene().lighting();
    T_world_cam = view.T_world_cam;
    pixelRad = view.table().pixelRad;
    Se3 T_cam_world = T_world_cam.inverse();
    toSun = rotate(T_cam_world, lighting.toSun());
    up = rotate(T_cam_world, new double[] {0, 0, 1});
    List<Lighting.Lamp> all = lighting.lamps();
    lamps = new double[3 * all.size()];
    for (int i = 0; i < all.size(); i++) {
      double[] at = T_cam_world.transform(all.get(i).x(), all.get(i).y(), all.get(i).z());
      System.arraycopy(at, 0, lamps, 3 * i, 3);
    }
    shadows = new LightGrid(view, toSun, lighting.shadowReachM());
  }

  /**
   * Shades the end of a ray.
   *
   * @param d {@code [9]} unit ray, then how it changes to the right pixel and to the lower one
   * @param rgb receives {@code [3]} 0..255, not clamped
   * @return whether the point lies in shadow
   */
  boolean shade(Hit hit, double[] d, float[] rgb) {
    BodyView view = hit.view;
    if (view == null) {
      shadeSky(d, rgb);
      return false;
    }
    SurfacePoint s = hit.surface;
    Material material = view.body.material(s.face);
    texture(view, hit, material, d, rgb);
    double nx = view.m00 * s.nx + view.m10 * s.ny + view.m20 * s.nz;
    double ny = view.m01 * s.nx + view.m11 * s.ny + view.m21 * s.nz;
    double nz = view.m02 * s.nx + view.m12 * s.ny + view.m22 * s.nz;
    double x = hit.rangeM * d[0];
    double y = hit.rangeM * d[1];
    double z = hit.rangeM * d[2];
    double facing = nx * toSun[0] + ny * toSun[1] + nz * toSun[2];
    boolean shadowed = facing > 0 && shadows.isShadowed(x, y, z);
    double upward = 0.5 + 0.5 * (nx * up[0] + ny * up[1] + nz * up[2]);
    double light =
        lighting.ambientDown()
            + upward * (lighting.ambientUp() - lighting.ambientDown())
            + lighting.sun() * Math.max(0, facing) * (shadowed ? SUN_LEFT_IN_SHADOW : 1)
            + lampLight(x, y, z, nx, ny, nz);
    float factor = (float) (light + material.glow() * (1 - Math.min(1, light)));
    rgb[0] *= factor;
    rgb[1] *= factor;
    rgb[2] *= factor;
    return shadowed;
  }

  private double lampLight(double x, double y, double z, double nx, double ny, double nz) {
    double light = 0;
    List<Lighting.Lamp> all = lighting.lamps();
    for (int i = 0; i < all.size(); i++) {
      double lx = lamps[3 * i] - x;
      double ly = lamps[3 * i + 1] - y;
      double lz = lamps[3 * i + 2] - z;
      double r2 = lx * lx + ly * ly + lz * lz;
      double facing = (nx * lx + ny * ly + nz * lz) / Math.sqrt(r2);
      if (facing > 0) {
        double reach = all.get(i).reachM();
        light += all.get(i).strength() * facing / (1 + r2 / (reach * reach));
      }
    }
    return light;
  }

  /** Carries the pixel's footprint to the surface (Igehy 1999) and looks the texture up. */
  private static void texture(BodyView view, Hit hit, Material material, double[] d, float[] rgb) {
    SurfacePoint s = hit.surface;
    double ux = s.ux;
    double uy = s.uy;
    double uz = s.uz;
    double rx = view.m00 * d[0] + view.m01 * d[1] + view.m02 * d[2];
    double ry = view.m10 * d[0] + view.m11 * d[1] + view.m12 * d[2];
    double rz = view.m20 * d[0] + view.m21 * d[1] + view.m22 * d[2];
    double along = rx * s.nx + ry * s.ny + rz * s.nz;
    double inverse = 1 / Math.min(along, -1e-3); // a grazing ray's footprint stays finite
    double[] change = new double[4];
    for (int i = 0; i < 2; i++) {
      int at = 3 + 3 * i;
      double ex = view.m00 * d[at] + view.m01 * d[at + 1] + view.m02 * d[at + 2];
      double ey = view.m10 * d[at] + view.m11 * d[at + 1] + view.m12 * d[at + 2];
      double ez = view.m20 * d[at] + view.m21 * d[at + 1] + view.m22 * d[at + 2];
      double slip = (ex * s.nx + ey * s.ny + ez * s.nz) * inverse;
      double px = hit.rangeM * (ex - slip * rx);
      double py = hit.rangeM * (ey - slip * ry);
      double pz = hit.rangeM * (ez - slip * rz);
      change[2 * i] = (ux * px + uy * py + uz * pz) / material.tileUM();
      change[2 * i + 1] = (s.vx * px + s.vy * py + s.vz * pz) / material.tileVM();
    }
    material
        .texture()
        .sample(
            s.u / material.tileUM(),
            s.v / material.tileVM(),
            change[0],
            change[1],
            change[2],
            change[3],
            rgb);
  }

  private void shadeSky(double[] d, float[] rgb) {
    Lighting.Sky sky = lighting.sky();
    if (sky == null) {
      rgb[0] = 0;
      rgb[1] = 0;
      rgb[2] = 0;
      return;
    }
    Se3 T = T_world_cam;
    sky.colour(
        T.r(0, 0) * d[0] + T.r(0, 1) * d[1] + T.r(0, 2) * d[2],
        T.r(1, 0) * d[0] + T.r(1, 1) * d[1] + T.r(1, 2) * d[2],
        T.r(2, 0) * d[0] + T.r(2, 1) * d[1] + T.r(2, 2) * d[2],
        pixelRad,
        rgb);
  }

  private static double[] rotate(Se3 T, double[] v) {
    return new double[] {
      T.r(0, 0) * v[0] + T.r(0, 1) * v[1] + T.r(0, 2) * v[2],
      T.r(1, 0) * v[0] + T.r(1, 1) * v[1] + T.r(1, 2) * v[2],
      T.r(2, 0) * v[0] + T.r(2, 1) * v[1] + T.r(2, 2) * v[2]
    };
  }
}
