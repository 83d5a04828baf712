package dev.parallax.perception.depth;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the ground in view from picture to picture: carried by the camera's motion, and looked for
 * in published depth when asked, from where it was. Agent thread only.
 */
public final class GroundWatch {
  /** Pictures between two looks. */
  private static final int EVERY = 5;

  /** Looks in vain after which it is no longer believed, and looks after which it is found anew. */
  private static final int PATIENCE = 6;

  private static final int ANEW = 12;

  /** How much of the way that the camera came is remembered from picture to picture. */
  private static final double MEMORY = 0.98;

  private final GroundPlaneFitter fitter;
  private final float[] inverseDepth;
  private final float[] variance;
  private @Nullable GroundPlane ground;
  private int sinceLook = EVERY;
  private int looks;
  private int inVain;
  private double[] travel_cam = new double[3];

  public GroundWatch(DepthGrid grid) {
    fitter = new GroundPlaneFitter(grid);
    inverseDepth = new float[grid.shape().pixels()];
    variance = new float[grid.shape().pixels()];
  }

  /** Knows of no ground. */
  public void forget() {
    ground = null;
    sinceLook = EVERY;
    looks = 0;
    inVain = 0;
    travel_cam = new double[3];
  }

  /** All lengths are times the factor. */
  public void rescale(double factor) {
    GroundPlane known = ground;
    if (known != null) {
      ground = known.rescaled(factor);
    }
    for (int k = 0; k < 3; k++) {
      travel_cam[k] *= factor;
    }
  }

  /** The ground as the camera sees it now; empty where it is not known. */
  public Optional<GroundPlane> ground() {
    return Optional.ofNullable(ground);
  }

  /** Goes on to a new picture. */
  public void carry(Se3 T_cur_prev) {
    GroundPlane known = ground;
    if (known != null) {
      ground = known.seenAfter(T_cur_prev);
    }
    double[] turned =
        T_cur_prev.rotationOnly().transform(travel_cam[0], travel_cam[1], travel_cam[2]);
    double[] step = T_cur_prev.translation();
    for (int k = 0; k < 3; k++) {
      travel_cam[k] = MEMORY * turned[k] - step[k];
    }
    sinceLook++;
  }

  /**
   * Looks for the ground in what rests, unless it did so a few pictures ago.
   *
   * @param depth {@code [h w]} on the grid, as published
   */
  public void look(DepthMap depth, MovingMask mask) {
    if (sinceLook < EVERY) {
      return;
    }
    sinceLook = 0;
    read(depth, mask);
    GroundPlane known = ground;
    Optional<GroundPlane> found =
        known == null || looks % ANEW == 0
            ? fitter.fit(inverseDepth, variance, travel_cam)
            : fitter.fitNear(known, inverseDepth, variance, travel_cam);
    looks++;
    if (found.isPresent()) {
      inVain = 0;
      ground = found.get();
    } else if (++inVain > PATIENCE) {
      ground = null;
    }
  }

  private void read(DepthMap depth, MovingMask mask) {
    Arrays.fill(inverseDepth, Float.NaN);
    for (int i = 0; i < inverseDepth.length; i++) {
      float z = depth.depthM()[i];
      if (z > 0 && mask.labels()[i] == MovingMask.STATIC) {
        float relative = depth.stdM()[i] / z;
        inverseDepth[i] = 1 / z;
        variance[i] = relative * relative / (z * z);
      }
    }
  }
}
