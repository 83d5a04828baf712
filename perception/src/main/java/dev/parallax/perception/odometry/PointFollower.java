package dev.parallax.perception.odometry;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the points again in each new picture: dense flow says roughly where, Lucas-Kanade against
 * the last keyframe says exactly where, so that errors do not add up from frame to frame. A point
 * that Lucas-Kanade cannot confirm goes on by dense flow for a few frames.
 */
final class PointFollower implements AutoCloseable {
  private static final int BORDER_PX = 6;
  private static final int MAX_MISSES = 4;
  private static final float MAX_GREY_DIFFERENCE = 22;
  private static final float MAX_DISAGREEMENT_PX = 3;
  private static final double MIN_EIGENVALUE = 12;

  /** The patch that Lucas-Kanade compares: so far from its middle. */
  private static final int PATCH_RADIUS_PX = 5;

  /** A patch found again differs by less than this share of its own spread of grey levels. */
  private static final double MAX_SHARE_OF_SPREAD = 0.6;

  /** Of a patch with what it was in the keyframe, for both to be alike. */
  private static final double MIN_CORRELATION = 0.7;

  /** Where fewer points are known again, another exposure may be the reason. */
  private static final double MIN_SHARE_AS_EXPOSED = 0.1;

  /** If it is, so many times as many are known again once it is made up for. */
  private static final double MIN_GAIN_AS_EXPOSED = 1.5;

  private final PinholeCamera camera;
  private final PerceptionKernels kernels;
  private final BufferScope scope;
  private final DeviceBuffer keyframeGrey;
  private final byte[] copy;
  private final byte[] candidates;
  private final NoiseFloor noiseFloor;
  private final ExposureMatch exposure;
  private final int cellPx;
  private final float[] tracked;
  private final float[] predicted;
  private final float[] error;
  private final float[] retried;
  private final float[] retriedError;
  private final float[] found;
  private final boolean[] occupied;
  private final double[] pixel = new double[2];
  private @Nullable DeviceBuffer lookedAt; // until follow
  private @Nullable DeviceBuffer followedInto;
  final byte[] misses;

  PointFollower(PinholeCamera camera, PerceptionKernels kernels, int wantedPoints) {
    this.camera = camera;
    this.kernels = kernels;
    scope = kernels.openScope();
    Shape shape = Shape.of(camera.height(), camera.width());
    keyframeGrey = scope.u8(shape);
    copy = new byte[shape.pixels()];
    candidates = new byte[shape.pixels()];
    noiseFloor = new NoiseFloor(camera.width(), camera.height());
    exposure = new ExposureMatch(kernels, scope, shape);
    cellPx = (int) Math.ceil(Math.sqrt((double) shape.pixels() / wantedPoints));
    int cells = columns() * rows();
    tracked = new float[2 * cells];
    predicted = new float[2 * cells];
    error = new float[cells];
    retried = new float[2 * cells];
    retriedError = new float[cells];
    found = new float[2 * cells];
    occupied = new boolean[cells];
    misses = new byte[cells];
  }

  private int columns() {
    return (camera.width() + cellPx - 1) / cellPx;
  }

  private int rows() {
    return (camera.height() + cellPx - 1) / cellPx;
  }

  /** The picture given to {@link #setKeyframe}, {@code [H W 1]} U8. */
  DeviceBuffer keyframeGrey() {
    return keyframeGrey;
  }

  /** Forgets which points went unconfirmed. */
  void forgetMisses() {
    Arrays.fill(misses, (byte) 0);
  }

  /** The most points there can ever be: one a cell. */
  int capacity() {
    return columns() * rows();
  }

  /** Makes a picture the one that later pictures are matched against. */
  void setKeyframe(DeviceBuffer grey) {
    kernels.download(grey, copy);
    kernels.upload(copy, keyframeGrey);
    forgetMisses();
  }

  /**
   * How many of the points were found again.
   *
   * @param confirmed share of the points that Lucas-Kanade confirmed where dense flow put them
   * @param recognised share of the points of which it also knew the patch again: what is left where
   *     both bend one picture into another that shows something else
   */
  record Found(double confirmed, double recognised) {}

  /**
   * Begins to look for every point in the new picture; {@link #follow} goes on once the kernels'
   * fetches are finished.
   *
   * @param forwardFlow {@code [h w 2]} from the picture the points are in now to the new one, grid
   *     pixels
   * @param template window slot of the keyframe given to {@link #setKeyframe}
   */
  void look(PointTracks points, DeviceBuffer grey, DeviceBuffer forwardFlow, int template) {
    lookedAt = grey;
    kernels
        .flow()
        .follow(
            keyframeGrey,
            grey,
            forwardFlow,
            points.count,
            points.seen[template],
            points.uv,
            predicted,
            tracked,
            error);
  }

  /**
   * Moves every point to where {@link #look} found it and drops those that left the picture or
   * stayed unconfirmed. The points must be those that were looked for.
   */
  Found follow(PointTracks points, int template) {
    kernels.finishFetches();
    int n = points.count;
    lookAgain(points.seen[template], n);
    int recognised = recognised(points.seen[template], tracked, error, n);
    System.arraycopy(tracked, 0, points.uv, 0, 2 * n);
    boolean[] keep = new boolean[n];
    int confirmed = 0;
    for (int i = 0; i < n; i++) {
      if (isConfirmed(points.uv, error, i)) {
        confirmed++;
        misses[i] = 0;
      } else {
        points.uv[2 * i] = predicted[2 * i];
        points.uv[2 * i + 1] = predicted[2 * i + 1];
        misses[i]++;
      }
      keep[i] = isInside(points.uv[2 * i], points.uv[2 * i + 1]) && misses[i] <= MAX_MISSES;
    }
    drop(points, keep);
    return n == 0 ? new Found(0, 0) : new Found((double) confirmed / n, (double) recognised / n);
  }

  /**
   * Where few points are known again and the picture is exposed otherwise than the keyframe, looks
   * for them in a copy that is exposed like it; that answer is kept if it is much better.
   */
  private void lookAgain(float[] templateUv, int n) {
    DeviceBuffer grey = Objects.requireNonNull(lookedAt, "follow without look");
    lookedAt = null;
    followedInto = grey;
    int before = recognised(templateUv, tracked, error, n);
    if (before >= MIN_SHARE_AS_EXPOSED * n
        || !exposure.match(grey, predicted, copy, templateUv, n)) {
      return;
    }
    System.arraycopy(predicted, 0, retried, 0, 2 * n);
    kernels.flow().track(keyframeGrey, exposure.matched(), n, templateUv, retried, retriedError);
    if (recognised(templateUv, retried, retriedError, n) > MIN_GAIN_AS_EXPOSED * before) {
      System.arraycopy(retried, 0, tracked, 0, 2 * n);
      System.arraycopy(retriedError, 0, error, 0, n);
    }
  }

  /** How many points Lucas-Kanade confirmed and knew the patch again. */
  private int recognised(float[] templateUv, float[] uv, float[] greyError, int n) {
    int recognised = 0;
    for (int i = 0; i < n; i++) {
      boolean isKnown = isConfirmed(uv, greyError, i) && isRecognised(templateUv, i, greyError[i]);
      recognised += isKnown ? 1 : 0;
    }
    return recognised;
  }

  /**
   * Which points look as they did in the keyframe. On a road or a lawn that passes by fast dense
   * flow goes astray, and Lucas-Kanade confirms it, since all is as grey there as anywhere.
   *
   * @param template window slot of the keyframe given to {@link #setKeyframe}
   * @return {@code [n]} in the picture that {@link #follow} was given last
   */
  boolean[] alike(PointTracks points, int template) {
    kernels.download(Objects.requireNonNull(followedInto, "alike without follow"), candidates);
    PatchLikeness likeness = new PatchLikeness(camera.width(), camera.height(), PATCH_RADIUS_PX);
    float[] seen = points.seen[template];
    boolean[] alike = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      alike[i] =
          misses[i] == 0
              && likeness.correlation(
                      copy,
                      seen[2 * i],
                      seen[2 * i + 1],
                      candidates,
                      points.uv[2 * i],
                      points.uv[2 * i + 1])
                  > MIN_CORRELATION;
    }
    return alike;
  }

  /**
   * Looks for every point where a camera of known pose should see it and drops those that are not
   * there. The points must be those that the last keyframe saw.
   */
  void find(PointTracks points, DeviceBuffer grey, KeyframeWindow window, Se3 T_cam_odom) {
    int n = points.count;
    boolean[] keep = new boolean[n];
    for (int i = 0; i < n; i++) {
      keep[i] = predict(points, i, window, T_cam_odom);
    }
    drop(points, keep);
    n = points.count;
    System.arraycopy(points.uv, 0, predicted, 0, 2 * n);
    kernels
        .flow()
        .track(keyframeGrey, grey, n, points.seen[window.latest().slot()], points.uv, error);
    keep = new boolean[n];
    for (int i = 0; i < n; i++) {
      keep[i] =
          isConfirmed(points.uv, error, i) && isInside(points.uv[2 * i], points.uv[2 * i + 1]);
    }
    forgetMisses();
    drop(points, keep);
  }

  /** Puts a point where the camera should see it; false if it should not. */
  private boolean predict(PointTracks points, int i, KeyframeWindow window, Se3 T_cam_odom) {
    for (Keyframe keyframe : window.keyframes()) {
      if (keyframe.slot() == points.host[i]) {
        double z = 1 / points.rho[i];
        double[] p =
            T_cam_odom.times(keyframe.T_cam_odom().inverse())
                .transform(points.hostX[i] * z, points.hostY[i] * z, z);
        boolean seen = camera.project(p[0], p[1], p[2], pixel);
        points.uv[2 * i] = (float) pixel[0];
        points.uv[2 * i + 1] = (float) pixel[1];
        return seen && isInside(points.uv[2 * i], points.uv[2 * i + 1]);
      }
    }
    return false;
  }

  private boolean isConfirmed(float[] uv, float[] greyError, int i) {
    float du = uv[2 * i] - predicted[2 * i];
    float dv = uv[2 * i + 1] - predicted[2 * i + 1];
    return greyError[i] < MAX_GREY_DIFFERENCE
        && du * du + dv * dv < MAX_DISAGREEMENT_PX * MAX_DISAGREEMENT_PX;
  }

  /**
   * Whether what was found differs less from the patch than the patch from its own mean. Points
   * stay {@link #BORDER_PX} inside, so that their patches lie in the picture.
   */
  private boolean isRecognised(float[] templateUv, int i, float greyError) {
    int side = 2 * PATCH_RADIUS_PX + 1;
    int w = camera.width();
    int first =
        (Math.round(templateUv[2 * i + 1]) - PATCH_RADIUS_PX) * w
            + Math.round(templateUv[2 * i])
            - PATCH_RADIUS_PX;
    double sum = 0;
    for (int y = first; y < first + side * w; y += w) {
      for (int x = y; x < y + side; x++) {
        sum += copy[x] & 0xff;
      }
    }
    double mean = sum / (side * side);
    double spread = 0;
    for (int y = first; y < first + side * w; y += w) {
      for (int x = y; x < y + side; x++) {
        spread += Math.abs((copy[x] & 0xff) - mean);
      }
    }
    return greyError < MAX_SHARE_OF_SPREAD * spread / (side * side);
  }

  /** Drops the points that Lucas-Kanade did not find in the present picture. */
  void dropUnconfirmed(PointTracks points) {
    boolean[] keep = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      keep[i] = misses[i] == 0;
    }
    drop(points, keep);
  }

  /**
   * Drops the points at which a flow does not close.
   *
   * @param inconsistency {@code [h w 1]} on the picture that the points are in now, grid pixels
   */
  void dropUnclosed(PointTracks points, DeviceBuffer inconsistency, double maxPx) {
    float[] open = new float[inconsistency.shape().pixels()];
    kernels.download(inconsistency, open);
    int stride = camera.width() / inconsistency.shape().width();
    boolean[] keep = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      int u = Math.round(points.uv[2 * i]) / stride;
      int v = Math.round(points.uv[2 * i + 1]) / stride;
      keep[i] = stride * open[v * inconsistency.shape().width() + u] <= maxPx;
    }
    drop(points, keep);
  }

  /** Drops the points not marked, here and in the tracks. */
  void drop(PointTracks points, boolean[] keep) {
    int m = 0;
    for (int i = 0; i < points.count; i++) {
      if (keep[i]) {
        misses[m++] = misses[i];
      }
    }
    points.retain(keep);
  }

  private boolean isInside(float u, float v) {
    return u >= BORDER_PX
        && v >= BORDER_PX
        && u < camera.width() - BORDER_PX
        && v < camera.height() - BORDER_PX;
  }

  /**
   * Picks new points in the cells of the picture that hold none.
   *
   * @return how many; their pixels are in {@link #foundU} and {@link #foundV}
   */
  int findNew(DeviceBuffer grey, PointTracks points) {
    Arrays.fill(occupied, false);
    for (int i = 0; i < points.count; i++) {
      int column = Math.min((int) points.uv[2 * i] / cellPx, columns() - 1);
      int row = Math.min((int) points.uv[2 * i + 1] / cellPx, rows() - 1);
      occupied[row * columns() + column] = true;
    }
    int room = points.capacity - points.count;
    int n = kernels.images().corners(grey, cellPx, 2 * BORDER_PX, MIN_EIGENVALUE, occupied, found);
    kernels.download(grey, candidates);
    noiseFloor.read(candidates);
    int kept = 0;
    for (int i = 0; i < n; i++) {
      if (noiseFloor.standsOut(found[2 * i], found[2 * i + 1])) {
        System.arraycopy(found, 2 * i, found, 2 * kept++, 2);
      }
    }
    return Math.min(kept, room);
  }

  float foundU(int i) {
    return found[2 * i];
  }

  float foundV(int i) {
    return found[2 * i + 1];
  }

  @Override
  public void close() {
    scope.close();
  }
}
