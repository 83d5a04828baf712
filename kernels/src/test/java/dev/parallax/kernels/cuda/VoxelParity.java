package dev.parallax.kernels.cuda;

import dev.parallax.kernels.Shape;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Parity of occupancy: the blocks that change and every voxel of the map, over several pictures,
 * with blocks taken out and the whole map replaced in between.
 */
final class VoxelParity {
  private static final int PICTURES = 7;

  private VoxelParity() {}

  static List<ParityCase> cases() {
    return List.of(occupancy(0.05, 3.3), occupancy(0.11, 6), occupancy(0.4, 30));
  }

  private static ParityCase occupancy(double voxelM, double rangeM) {
    return new ParityCase(
        "occupancy, voxels of %s m up to %s m".formatted(voxelM, rangeM),
        Tolerance.NONE,
        (k, s, size, r) -> {
          Map<String, float[]> out = new HashMap<>();
          ParityMap map = new ParityMap();
          VoxelRules rules = VoxelRules.standard(voxelM, rangeM);
          try (VoxelIntegrator integrator = k.voxels().integrator(map)) {
            for (int picture = 0; picture < PICTURES; picture++) {
              // Every second picture is on the device already.
              ParityInput device = picture % 2 == 1 ? new ParityInput(k, s, r) : null;
              int changed = integrate(integrator, device, view(size, r), rules, r);
              out.put("changed by picture " + picture, coordinates(integrator, changed));
              if (picture % 2 == 0) {
                out.put("map after picture " + picture, map.content());
              }
              if (picture == 2) {
                int[] forgotten = map.removeEveryThird();
                integrator.forget(forgotten, forgotten.length / 3);
              }
              if (picture == 4) {
                map.replaceBy(r);
                integrator.reload();
              }
            }
          }
          return out;
        });
  }

  private static float[] coordinates(VoxelIntegrator integrator, int changed) {
    int[] xyz = new int[3 * changed];
    integrator.changedBlocks(xyz);
    float[] numbers = new float[xyz.length];
    for (int i = 0; i < xyz.length; i++) {
      numbers[i] = xyz[i];
    }
    return numbers;
  }

  /** A room with a wall that slopes, things in front of it, sky, holes and doubt. */
  private static int integrate(
      VoxelIntegrator integrator,
      @Nullable ParityInput device,
      VoxelView view,
      VoxelRules rules,
      Random random) {
    int n = view.width() * view.height();
    float[] depth = new float[n];
    float[] std = new float[n];
    byte[] labels = new byte[n];
    double slope = random.nextDouble() * 0.01;
    for (int i = 0; i < n; i++) {
      int u = i % view.width();
      double d = 0.6 * rules.maxRangeM() * (1 + slope * u) + 0.02 * random.nextGaussian();
      d = u / 9 % 5 == 2 ? 0.4 * d : d;
      depth[i] = (float) d;
      std[i] = (float) (d * random.nextDouble() * 0.25);
      switch (random.nextInt(25)) {
        case 0 -> depth[i] = Float.NaN;
        case 1 -> depth[i] = Float.POSITIVE_INFINITY;
        case 2 -> std[i] = Float.NaN;
        case 3 -> labels[i] = (byte) 255;
        case 4 -> depth[i] = -1;
        case 5 -> std[i] = 0;
        default -> labels[i] = 0;
      }
    }
    Shape shape = Shape.of(view.height(), view.width());
    return device == null
        ? integrator.integrate(view, rules, depth, std, labels)
        : integrator.integrate(
            view, rules, device.of(shape, depth), device.of(shape, std), device.of(shape, labels));
  }

  /** Somewhere near the origin, turned by any angle. */
  private static VoxelView view(Shape size, Random random) {
    double[] q = random.doubles(4, -1, 1).toArray();
    double norm = 0;
    for (double each : q) {
      norm += each * each;
    }
    double s = 2 / norm;
    double w = q[0];
    double x = q[1];
    double y = q[2];
    double z = q[3];
    double[] pose = {
      1 - s * (y * y + z * z),
      s * (x * y - w * z),
      s * (x * z + w * y),
      random.nextGaussian(),
      s * (x * y + w * z),
      1 - s * (x * x + z * z),
      s * (y * z - w * x),
      random.nextGaussian(),
      s * (x * z - w * y),
      s * (y * z + w * x),
      1 - s * (x * x + y * y),
      random.nextGaussian()
    };
    double focal = size.width() * (0.6 + random.nextDouble());
    return new VoxelView(
        size.width(),
        size.height(),
        focal,
        focal * 1.03,
        0.52 * size.width(),
        0.47 * size.height(),
        pose);
  }
}
