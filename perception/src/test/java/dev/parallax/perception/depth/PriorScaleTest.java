package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriorScaleTest {
  private final PriorScale scale = new PriorScale();

  /** A guess, after which lengths are what was answered. */
  private OptionalDouble guess(double metresInUnit) {
    OptionalDouble factor = scale.observe(metresInUnit);
    factor.ifPresent(scale::rescale);
    return factor;
  }

  @Test
  void theMedianOfTheFirstGuessesIsTakenAndOneThatIsFarOffMovesNothing() {
    guess(2.0);
    guess(2.1);
    guess(30);
    assertThat(guess(1.9)).isEmpty();
    assertThat(scale.isKnown()).isFalse();

    assertThat(guess(2.2).orElseThrow()).isCloseTo(2.1, within(1e-9));
    assertThat(scale.scale()).isCloseTo(1, within(1e-9));
  }

  @Test
  void guessesBeforeTheFirstWordFollowTheUnitOfLength() {
    for (int i = 0; i < 4; i++) {
      guess(2);
    }
    scale.rescale(10); // by another source: two metres in the unit are a fifth of one now

    assertThat(guess(0.2).orElseThrow()).isCloseTo(0.2, within(1e-9));
  }

  @Test
  void picturesThatAgreeAreNotMoreThanOnePicture() {
    for (int i = 0; i < 5; i++) {
      guess(2);
    }

    assertThat(scale.relativeStd()).isCloseTo(0.1, within(1e-9));
  }

  @Test
  void guessesThatScatterCorrectSlowlyAndComeToTheirMiddle() {
    Random noise = new Random(3);
    double metres = 1.5;
    double longest = 0;
    for (int i = 0; i < 400; i++) {
      boolean wasKnown = scale.isKnown();
      double factor = guess(metres * Math.exp(0.3 * noise.nextGaussian())).orElse(1);
      longest = wasKnown ? Math.max(longest, Math.abs(Math.log(factor))) : 0;
      metres /= factor;
    }

    assertThat(longest).isLessThan(0.021);
    assertThat(metres).isCloseTo(1, within(0.1));
    assertThat(scale.relativeStd()).isBetween(0.01, 0.1);
  }

  @Test
  void forgettingBeginsAnew() {
    for (int i = 0; i < 5; i++) {
      guess(2);
    }
    scale.forget();

    assertThat(scale.isKnown()).isFalse();
    assertThat(guess(3)).isEmpty();
  }
}
