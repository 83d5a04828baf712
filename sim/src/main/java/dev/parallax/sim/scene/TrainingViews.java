package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of made-up worlds without end: view {@code i} of a seed is the same whenever it is asked
 * for. Several views in a row share a world; cameras differ from view to view in place, field of
 * view and flaws. One caller at a time; asking in order is fastest.
 */
public final class TrainingViews {
  /** How many views in a row look at the same world. */
  static final int VIEWS_PER_WORLD = 6;

  private static final int ATTEMPTS = 6;
  private static final double MIN_FOV_RAD = Math.toRadians(38);
  private static final double MAX_FOV_RAD = Math.toRadians(105);

  /** A view whose nearest tenth is nearer than this shows little but one blurred thing. */
  private static final double NEAREST_M = 0.3;

  private static final Renderer.Exposure FLAWLESS =
      new Renderer.Exposure(ImageSensor.perfect(), 0, 0, 1);

  private final int width;
  private final int height;
  private final long seed;
  private final TextureBank bank;
  private long worldIndex = -1;
  private @Nullable MadeUpWorld world;
  private WorldKind kind = WorldKind.ROOM;

  public TrainingViews(int width, int height, long seed) {
    this.width = width;
    this.height = height;
    this.seed = seed;
    bank = new TextureBank(mixed(seed, 0));
  }

  /**
   * The view of a number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public TrainingView view(long index) {
    if (index < 0) {
      throw new IllegalArgumentException("Views are numbered from 0, got " + index);
    }
    MadeUpWorld place = world(index / VIEWS_PER_WORLD);
    Random random = new Random(mixed(seed, 2 * index + 1));
    TrainingView best = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      best = draw(place, random);
      if (isWorthwhile(best.depthM())) {
        break;
      }
    }
    if (best == null) {
      throw new IllegalStateException("No attempt was made at view " + index);
    }
    return best;
  }

  private MadeUpWorld world(long wanted) {
    MadeUpWorld known = world;
    if (known == null || wanted != worldIndex) {
      long worldSeed = mixed(seed, -1 - wanted);
      kind = WorldKind.at(new Random(worldSeed).nextDouble());
      known = MadeUpWorld.of(kind, bank, worldSeed);
      world = known;
      worldIndex = wanted;
    }
    return known;
  }

  private TrainingView draw(MadeUpWorld place, Random random) {
    PinholeCamera camera = camera(random);
    Se3 T_world_cam = place.cameras().draw(random);
    Trajectory still = Trajectory.still(T_world_cam);
    try (Renderer renderer = new Renderer(camera, 1)) {
      Renderer.Rendered rendered =
          renderer.render(place.scene(), still, PointMotion.Instants.of(still, 0, 0, 0), FLAWLESS);
      float[] depthM = rendered.truth().depth().depthM();
      PictureFlaws flaws = PictureFlaws.draw(random);
      byte[] grey8 = flaws.apply(rendered.picture(), depthM);
      return new TrainingView(kind, camera, grey8, depthM);
    }
  }

  /** Wide and narrow lenses alike, pixels nearly square, the axis nearly in the middle. */
  private PinholeCamera camera(Random random) {
    double share = random.nextDouble();
    double fov = MIN_FOV_RAD * Math.pow(MAX_FOV_RAD / MIN_FOV_RAD, share);
    double fx = width / (2 * Math.tan(fov / 2));
    double fy = fx * (1 + 0.04 * random.nextGaussian());
    double cx = (width - 1) / 2.0 + 0.03 * width * random.nextGaussian();
    double cy = (height - 1) / 2.0 + 0.04 * height * random.nextGaussian();
    return new PinholeCamera(width, height, fx, fy, cx, cy);
  }

  private static boolean isWorthwhile(float[] depthM) {
    float[] sorted = depthM.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 10] > NEAREST_M
        && sorted[sorted.length / 3] < Float.POSITIVE_INFINITY;
  }

  /** SplitMix64's finaliser (Steele et al. 2014) over a seed and a number. */
  private static long mixed(long seed, long number) {
    long z = seed * 0x9E3779B97F4A7C15L + number * 0xC2B2AE3D27D4EB4FL + 0x165667B19E3779F9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
