package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingViewsTest {
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  @Test
  void aViewIsTheSameWheneverItIsAskedFor() {
    TrainingViews inOrder = new TrainingViews(WIDTH, HEIGHT, 3);
    for (int i = 0; i < 9; i++) {
      inOrder.view(i);
    }
    TrainingView ninth = inOrder.view(9);
    TrainingView atOnce = new TrainingViews(WIDTH, HEIGHT, 3).view(9);
    assertThat(atOnce.camera()).isEqualTo(ninth.camera());
    assertThat(atOnce.grey8()).isEqualTo(ninth.grey8());
    assertThat(atOnce.depthM()).isEqualTo(ninth.depthM());
  }

  @Test
  void anotherSeedIsAnotherWorld() {
    TrainingView one = new TrainingViews(WIDTH, HEIGHT, 3).view(0);
    TrainingView other = new TrainingViews(WIDTH, HEIGHT, 4).view(0);
    assertThat(other.depthM()).isNotEqualTo(one.depthM());
  }

  @Test
  void allKindsComeWithDepthToLearnFrom() {
    TrainingViews views = new TrainingViews(WIDTH, HEIGHT, 1);
    Set<WorldKind> met = EnumSet.noneOf(WorldKind.class);
    int judged = 0;
    for (long i = 0; i < 60L * TrainingViews.VIEWS_PER_WORLD; i += TrainingViews.VIEWS_PER_WORLD) {
      TrainingView view = views.view(i);
      met.add(view.kind());
      int finite = 0;
      for (float depth : view.depthM()) {
        assertThat(depth).isPositive();
        finite += depth < Float.POSITIVE_INFINITY ? 1 : 0;
      }
      judged += finite > WIDTH * HEIGHT / 4 ? 1 : 0;
    }
    assertThat(met).containsExactlyInAnyOrder(WorldKind.values());
    assertThat(judged).isGreaterThan(50);
  }
}
