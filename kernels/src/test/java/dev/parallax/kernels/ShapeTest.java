package dev.parallax.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void picturesWithoutPixelsAreRefused() {
    assertThatThrownBy(() -> Shape.of(0, 5))
        .hasMessage("Shape must be positive in every extent, got [0 5 1]");
    assertThatThrownBy(() -> Shape.of(5, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shape.of(5, 5).withChannels(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void picturesThatNoArrayHoldsAreRefused() {
    assertThat(Shape.of(46340, 46340).elements()).isEqualTo(46340 * 46340);
    assertThatThrownBy(() -> new Shape(50_000, 50_000, 3))
        .hasMessage("Shape [50000 50000 3] has more than 2^31 elements: use smaller pictures");
  }
}
