package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;

/**
 * One body as one camera sees it at one instant: everything the caster needs per ray, in plain
 * fields. Valid for one frame.
 */
final class BodyView {
  final Body body;
  final Shape shape;
  final int bodyIndex;

  // Rotation body from camera, [3 3].
  final double m00;
  final double m01;
  final double m02;
  final double m10;
  final double m11;
  final double m12;
  final double m20;
  final double m21;
  final double m22;

  // The camera's centre in the body's frame.
  final double ox;
  final double oy;
  final double oz;

  // Bounding sphere in the camera's frame.
  final double cx;
  final double cy;
  final double cz;
  final double radiusM;
  final double distanceM;
  final double nearM;
  private final double halfX;
  private final double halfY;
  private final double halfZ;
  private final double sinSphere;
  private final double cosSphere;

  BodyView(Body body, int bodyIndex, Se3 T_cam_body) {
    this.body = body;
    this.bodyIndex = bodyIndex;
    shape = body.shape();
    Se3 T_body_cam = T_cam_body.inverse();
    m00 = T_body_cam.r(0, 0);
    m01 = T_body_cam.r(0, 1);
    m02 = T_body_cam.r(0, 2);
    m10 = T_body_cam.r(1, 0);
    m11 = T_body_cam.r(1, 1);
    m12 = T_body_cam.r(1, 2);
    m20 = T_body_cam.r(2, 0);
    m21 = T_body_cam.r(2, 1);
    m22 = T_body_cam.r(2, 2);
    ox = T_body_cam.tx();
    oy = T_body_cam.ty();
    oz = T_body_cam.tz();
    cx = T_cam_body.tx();
    cy = T_cam_body.ty();
    cz = T_cam_body.tz();
    double[] half = shape.halfExtentsM();
    halfX = half[0];
    halfY = half[1];
    halfZ = half[2];
    radiusM = shape.boundingRadiusM();
    distanceM = T_cam_body.distance();
    nearM = Math.max(0, distanceM - radiusM);
    sinSphere = distanceM > radiusM ? radiusM / distanceM : 1;
    cosSphere = Math.sqrt(1 - sinSphere * sinSphere);
  }

  /** Whether the bounding sphere reaches into a cone with its tip at the camera. */
  boolean reaches(double axisX, double axisY, double axisZ, double cosHalf, double sinHalf) {
    if (distanceM <= radiusM) {
      return true;
    }
    double along = cx * axisX + cy * axisY + cz * axisZ;
    return along >= distanceM * (cosHalf * cosSphere - sinHalf * sinSphere);
  }

  /**
   * A lower bound on the distance at which any ray of a beam meets the body's bounding box, +Inf if
   * none can: the slab method with a range of directions in place of one.
   *
   * @param beams centre and half extents of the beam's unit directions, camera axes, six numbers
   *     from {@code at}
   */
  double nearestMeeting(double[] beams, int at) {
    double x = beams[at];
    double y = beams[at + 1];
    double z = beams[at + 2];
    double hx = beams[at + 3];
    double hy = beams[at + 4];
    double hz = beams[at + 5];
    double near = 0;
    double far = Double.POSITIVE_INFINITY;
    for (int axis = 0; axis < 3; axis++) {
      double m0 = axis == 0 ? m00 : axis == 1 ? m10 : m20;
      double m1 = axis == 0 ? m01 : axis == 1 ? m11 : m21;
      double m2 = axis == 0 ? m02 : axis == 1 ? m12 : m22;
      double origin = axis == 0 ? ox : axis == 1 ? oy : oz;
      double half = axis == 0 ? halfX : axis == 1 ? halfY : halfZ;
      double middle = m0 * x + m1 * y + m2 * z;
      double spread = Math.abs(m0) * hx + Math.abs(m1) * hy + Math.abs(m2) * hz;
      // Mirrored so that the origin is on the positive side of the slab's middle.
      double sign = origin < 0 ? -1 : 1;
      double most = -sign * middle + spread; // fastest approach
      double least = -sign * middle - spread;
      double distance = sign * origin - half;
      if (distance > 0) {
        near = most > 0 ? Math.max(near, distance / most) : Double.POSITIVE_INFINITY;
      }
      double across = sign * origin + half;
      if (least > 0) { // every ray leaves through the far side
        far = Math.min(far, across / least);
      } else if (distance <= 0 && most < 0) { // every ray leaves through the near side
        far = Math.min(far, distance / most);
      }
    }
    return near <= far ? near : Double.POSITIVE_INFINITY;
  }

  /** Distance along a unit ray from the camera, +Inf if it misses. */
  double enter(double dx, double dy, double dz) {
    return shape.enter(
        ox,
        oy,
        oz,
        m00 * dx + m01 * dy + m02 * dz,
        m10 * dx + m11 * dy + m12 * dz,
        m20 * dx + m21 * dy + m22 * dz);
  }

  /** Whether a ray from a point of the camera's frame meets the body. */
  boolean blocks(double px, double py, double pz, double dx, double dy, double dz) {
    double t =
        shape.enter(
            m00 * px + m01 * py + m02 * pz + ox,
            m10 * px + m11 * py + m12 * pz + oy,
            m20 * px + m21 * py + m22 * pz + oz,
            m00 * dx + m01 * dy + m02 * dz,
            m10 * dx + m11 * dy + m12 * dz,
            m20 * dx + m21 * dy + m22 * dz);
    return t < Double.POSITIVE_INFINITY;
  }
}
