package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  @Test
  void ordersRunsOfDigitsByTheirValue() {
    List<String> ordered =
        List.of(
            "",
            "0.png",
            "01.png",
            "1.png",
            "2.png",
            "10.png",
            "100000000000000000000.png",
            "a",
            "a1b2",
            "a1b10",
            "a2b1",
            "ab");
    List<String> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));

    shuffled.sort(new NaturalOrder());

    // 01 and 1 are equal numbers: the characters decide.
    assertThat(shuffled).containsExactlyElementsOf(ordered);
  }
}
