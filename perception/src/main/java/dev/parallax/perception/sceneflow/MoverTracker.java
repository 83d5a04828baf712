package dev.parallax.perception.sceneflow;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Depth and velocity of what moves. One camera cannot triangulate what moves by itself, so each
 * body of the moving mask is followed through the pictures by what it can tell: where it stands on
 * the ground, how its picture grows or shrinks, and that it goes on as it went (see {@link
 * BodyState}). What carries it is added to the mask, and the mask drawn along the picture's
 * colours. Agent thread only.
 */
public final class MoverTracker {
  /** Pictures without its body in the mask after which a state is forgotten. */
  private static final int MAX_UNSEEN = 8;

  /** A body is told of from its third picture on: what is taken for one by mistake is soon gone. */
  private static final int MIN_PICTURES = 3;

  /** The share of a piece that has to have been part of a body for it to go on as that body. */
  private static final double MIN_SHARED = 0.15;

  /** More points tell no more: flow's patches take in many. */
  private static final int MAX_POINTS = 400;

  /** How well it is told, relative, where a body stands that is seen to its foot. */
  private static final double STANDING_STD = 0.15;

  /**
   * The same where the picture ends before the foot: it stands nearer than the last row's ground.
   */
  private static final double CUT_STD = 0.25;

  private static final double CUT_SHARE = 0.85;

  /** Nothing lies beneath the ground; how well that holds, relative. */
  private static final double BENEATH_STD = 0.1;

  /** What moves hides what is behind it: how well that holds, relative. */
  private static final double BEHIND_STD = 0.1;

  /** What triangulation says of what moves is wrong: a magnitude at best. */
  private static final double TRIANGULATED_STD = 0.45;

  /** A sensor's depth of a body's middle. */
  private static final double MEASURED_STD = 0.05;

  private final boolean isDepthMeasured;
  private final BodyPieces pieces;
  private final BodyOutline outline;
  private final BodySupports supports;
  private final BodySurroundings surroundings;
  private final BodyMotionFit fit;
  private final BodyVelocity writer;
  private final int[] cells;
  private final double[] known;
  private int count;
  private int[] bodyNow;
  private int[] bodyBefore;
  private List<Body> bodies = new ArrayList<>();

  /** A body and where it was last seen. */
  private static final class Body {
    final BodyState state;
    final double x;
    final double y;
    int unseen;

    Body(BodyState state, double x, double y) {
      this.state = state;
      this.x = x;
      this.y = y;
    }
  }

  /**
   * Where a piece would stand, how well the ground tells that, relative, and whether its foot is
   * seen. NaN depth where nothing tells.
   */
  private record Standing(double depth, double groundStd, boolean isFootSeen, boolean isCut) {}

  /**
   * @param isDepthMeasured whether a sensor measures depth, that of what moves as well
   */
  public MoverTracker(DepthGrid grid, boolean isDepthMeasured) {
    this.isDepthMeasured = isDepthMeasured;
    pieces = new BodyPieces(grid);
    outline = new BodyOutline(grid, pieces);
    supports = new BodySupports(pieces);
    surroundings = new BodySurroundings(pieces);
    fit = new BodyMotionFit(Math.sqrt(grid.camera().fx() * grid.camera().fy()));
    writer = new BodyVelocity(grid);
    cells = new int[pieces.piece.length];
    known = new double[pieces.piece.length];
    bodyNow = new int[pieces.piece.length];
    bodyBefore = new int[pieces.piece.length];
    forget();
  }

  /** Follows nothing any more. */
  public void forget() {
    bodies.clear();
    outline.forget();
    Arrays.fill(bodyNow, -1);
  }

  /** All lengths are times the factor. */
  public void rescale(double factor) {
    for (Body body : bodies) {
      body.state.rescale(factor);
    }
  }

  /**
   * Goes on to a new picture.
   *
   * @param picture of the grid's size, undistorted
   * @param backward {@code [h w 2]} current to previous, grid pixels
   * @param T_cur_prev the camera's motion
   * @param ground what things stand on; null where none is known
   * @param mask receives what carries the bodies as well
   * @param depth receives depth and std of what moves, NaN where they are not told
   * @param velocity receives its velocity
   */
  public void follow(
      Picture picture,
      float[] backward,
      Se3 T_cur_prev,
      double intervalS,
      @Nullable GroundPlane ground,
      MovingMask mask,
      DepthMap depth,
      SceneFlowField velocity) {
    pieces.find(mask);
    for (Body body : bodies) {
      body.state.predict(T_cur_prev, intervalS, body.x, body.y);
      body.unseen++;
    }
    int[] swap = bodyBefore;
    bodyBefore = bodyNow;
    bodyNow = swap;
    Arrays.fill(bodyNow, -1);
    outline(picture, backward, ground, mask, depth, velocity);
    BodyVelocity.Step step = new BodyVelocity.Step(backward, T_cur_prev, intervalS);
    List<Body> now = new ArrayList<>();
    for (int piece = 0; piece < pieces.count(); piece++) {
      collect(piece);
      BodyState state = see(before(backward), step, standing(depth, ground), depth);
      if (state != null) {
        double behind = surroundings.farthest(piece, depth, mask);
        if (!isDepthMeasured && state.depth() > behind) {
          state.seeDepth(behind, BEHIND_STD);
        }
        remember(state, now);
        boolean isPlaced = isDepthMeasured || !Double.isNaN(behind);
        if (isPlaced && state.pictures() >= MIN_PICTURES) {
          forEachPixel(i -> writer.write(i, state, step, isDepthMeasured, mask, depth, velocity));
        }
      }
    }
    keepUnseen(backward, now);
    bodies = now;
  }

  /** Finds the pieces anew within the outlines of what moves and what carries it. */
  private void outline(
      Picture picture,
      float[] backward,
      @Nullable GroundPlane ground,
      MovingMask mask,
      DepthMap depth,
      SceneFlowField velocity) {
    for (int piece = 0; piece < pieces.count(); piece++) {
      collect(piece);
      Body before = before(backward);
      supports.add(piece, depth, ground, before == null ? Double.NaN : before.state.depth());
    }
    boolean[] left = outline.draw(picture, mask);
    for (int i = 0; i < left.length; i++) {
      if (left[i]) {
        pieces.forEachPixel(i, p -> writer.erase(p, isDepthMeasured, depth, velocity));
      }
    }
  }

  /** Does something with each grid pixel of the collected cells. */
  private void forEachPixel(IntConsumer action) {
    for (int k = 0; k < count; k++) {
      pieces.forEachPixel(cells[k], action);
    }
  }

  private void collect(int piece) {
    count = 0;
    for (int i = 0; i < pieces.piece.length; i++) {
      if (pieces.piece[i] == piece) {
        cells[count++] = i;
      }
    }
  }

  /** The state of the collected cells' body in this picture; null where nothing tells its depth. */
  private @Nullable BodyState see(
      @Nullable Body before, BodyVelocity.Step step, Standing standing, DepthMap depth) {
    double median = medianDepth(depth);
    BodyState state = before == null ? begin(median, standing) : new BodyState(before.state);
    if (state == null) {
      return null;
    }
    int every = 1 + count / MAX_POINTS;
    fit.begin(count, every);
    double[] slopes = new double[2];
    for (int k = 0; k < count; k += every) {
      if (writer.rayBefore(pieces.pixel(cells[k]), step, slopes)) {
        fit.add(pieces.x(cells[k]), pieces.y(cells[k]), slopes[0], slopes[1]);
      }
    }
    double expected = before == null ? 0 : state.expectedTauZ(step.T_cur_prev(), step.intervalS());
    if (fit.solve(expected)) {
      state.seeMotion(fit, step.T_cur_prev(), step.intervalS());
    }
    if (isDepthMeasured) {
      if (median > 0) {
        state.seeDepth(median, MEASURED_STD);
      }
    } else if (state.depth() > standing.depth()) {
      state.seeDepth(standing.depth(), BENEATH_STD + standing.groundStd());
    } else if (standing.isFootSeen()) {
      state.seeDepth(standing.depth(), STANDING_STD + standing.groundStd());
    }
    return state;
  }

  private @Nullable BodyState begin(double median, Standing standing) {
    if (isDepthMeasured) {
      return median > 0 ? new BodyState(median, MEASURED_STD) : null;
    }
    if (standing.isFootSeen()) {
      return new BodyState(standing.depth(), STANDING_STD + standing.groundStd());
    }
    if (standing.isCut() && standing.depth() > 0) {
      return new BodyState(CUT_SHARE * standing.depth(), CUT_STD + standing.groundStd());
    }
    return median > 0
        ? new BodyState(
            Math.min(median, standing.depth() > 0 ? standing.depth() : median), TRIANGULATED_STD)
        : null;
  }

  private Standing standing(DepthMap depth, @Nullable GroundPlane ground) {
    int lowest = cells[count - 1];
    int row = lowest / pieces.width;
    boolean isCut = row >= pieces.height - 2;
    if (ground == null) {
      return new Standing(Double.NaN, Double.NaN, false, isCut);
    }
    double rho = ground.inverseDepth(pieces.x(lowest), pieces.y(lowest));
    boolean isFootSeen = false;
    for (int r = row + 1; r <= row + 2 && !isCut; r++) {
      int below = r * pieces.width + lowest % pieces.width;
      isFootSeen |= supports.isGround(below, depth.depthM()[pieces.pixel(below)], ground);
    }
    return rho > 0
        ? new Standing(
            1 / rho, ground.relativeDepthStd(pieces.x(lowest), pieces.y(lowest)), isFootSeen, isCut)
        : new Standing(Double.NaN, Double.NaN, false, isCut);
  }

  /** The median of what is known of the collected cells' depth; NaN where nothing is. */
  private double medianDepth(DepthMap depth) {
    int n = 0;
    for (int k = 0; k < count; k++) {
      float z = depth.depthM()[pieces.pixel(cells[k])];
      if (z > 0 && z < Float.POSITIVE_INFINITY) {
        known[n++] = z;
      }
    }
    return n == 0 ? Double.NaN : OrderStatistic.median(known, n);
  }

  private void remember(BodyState state, List<Body> now) {
    double sumX = 0;
    double sumY = 0;
    for (int k = 0; k < count; k++) {
      bodyNow[cells[k]] = now.size();
      sumX += pieces.x(cells[k]);
      sumY += pieces.y(cells[k]);
    }
    now.add(new Body(state, sumX / count, sumY / count));
  }

  /** The body that most of the collected cells were part of in the picture before. */
  private @Nullable Body before(float[] backward) {
    int[] votes = new int[bodies.size()];
    int best = -1;
    for (int k = 0; k < count; k++) {
      int body = bodyBefore(cells[k], backward);
      if (body >= 0) {
        votes[body]++;
        best = best < 0 || votes[body] > votes[best] ? body : best;
      }
    }
    return best >= 0 && votes[best] > MIN_SHARED * count ? bodies.get(best) : null;
  }

  private int bodyBefore(int cell, float[] backward) {
    int p = pieces.pixel(cell);
    float u = cell % pieces.width + backward[2 * p] / BodyPieces.STEP;
    float v = cell / pieces.width + backward[2 * p + 1] / BodyPieces.STEP;
    boolean isInside =
        u > -0.5f && v > -0.5f && u < pieces.width - 0.5f && v < pieces.height - 0.5f;
    return isInside ? bodyBefore[Math.round(v) * pieces.width + Math.round(u)] : -1;
  }

  /** A mask flickers: what is not in it now may be again in the next picture. */
  private void keepUnseen(float[] backward, List<Body> now) {
    int[] name = new int[bodies.size()];
    Arrays.fill(name, -1);
    for (int i = 0; i < bodyNow.length; i++) {
      int body = bodyNow[i] < 0 && !bodies.isEmpty() ? bodyBefore(i, backward) : -1;
      if (body >= 0 && bodies.get(body).unseen <= MAX_UNSEEN) {
        if (name[body] < 0) {
          name[body] = now.size();
          now.add(bodies.get(body));
        }
        bodyNow[i] = name[body];
      }
    }
  }
}
