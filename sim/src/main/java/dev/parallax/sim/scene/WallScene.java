package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.List;

/** One wall and nothing else: what a camera sees of it lies in a plane. */
final class WallScene {
  private static final double HALF_LENGTH_M = 60;
  private static final double HALF_HEIGHT_M = 20;
  private static final double DISTANCE_M = 3;
  private static final double SPEED_MPS = 0.4;

  private final long seed;

  WallScene(long seed) {
    this.seed = seed;
  }

  /** Along the wall, looking at it from 35 degrees aside. */
  static Trajectory slide() {
    Se3 T_world_start =
        Trajectory.looking(0, -DISTANCE_M, 1.2, Math.toRadians(55), Math.toRadians(3), 0);
    return timeS ->
        Se3.ofTranslation(SPEED_MPS * timeS, 0, 0.05 * Math.sin(timeS)).times(T_world_start);
  }

  Scene build() {
    Material brick =
        Material.tiled(new TexturePainter(seed + 3).brick(0xA65B43, 0xB9B0A4, 20), 1.7);
    Body wall =
        Body.still(new Box(HALF_LENGTH_M, 0.1, HALF_HEIGHT_M), Placement.at(0, 0.1, 0), brick)
            .withoutShadow();
    return new Scene(
        List.of(wall),
        new Lighting(new double[] {0.3, -0.8, 0.5}, 0.4, 0.5, 0.4, List.of(), 30, null));
  }
}
