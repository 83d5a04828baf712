package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedAnswerTest {
  private static final Tolerance SMALL = new Tolerance(0.1, 0, 0, "a test");

  private static float[] values(int count) {
    Random random = new Random(3);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i % 11 == 0 ? Float.NaN : random.nextFloat();
    }
    return values;
  }

  private static RecordedAnswer stored(float[] values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RecordedAnswer.of(values).write(new DataOutputStream(bytes));
    return RecordedAnswer.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19_999, 20_001, 99_999})
  void anAnswerThatIsTheSameAgreesAndOneThatDiffersAnywhereDoesNot(int count) throws IOException {
    float[] values = values(count);
    RecordedAnswer recorded = stored(values);
    assertThat(recorded.mismatch(Tolerance.NONE, values.clone())).isEmpty();
    assertThat(recorded.mismatch(SMALL, values.clone())).isEmpty();
    assertThat(recorded.mismatch(SMALL, values(count + 1))).isPresent();

    for (int off : new int[] {0, count / 2, count - 1}) {
      float[] other = values.clone();
      other[off] += 0.05f;
      other[off] = Float.isNaN(other[off]) ? 0 : other[off];
      assertThat(recorded.mismatch(Tolerance.NONE, other)).isPresent();
    }
  }

  @Test
  void theTwoZerosAndAllNanAreTheSameAlsoInALongAnswer() throws IOException {
    float[] values = new float[30_000];
    float[] other = new float[30_000];
    values[1] = -0f;
    values[2] = Float.NaN;
    other[2] = Float.intBitsToFloat(0x7fc00001);
    assertThat(stored(values).mismatch(Tolerance.NONE, other)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 70_000})
  void aSampleShowsWhatIsOffByMoreThanItMay(int count) throws IOException {
    float[] values = values(count);
    float[] other = values.clone();
    for (int i = 0; i < count; i++) {
      other[i] += i % 50 == 0 ? 0.2f : 0.05f;
    }
    assertThat(stored(values).mismatch(SMALL, other))
        .hasValueSatisfying(off -> assertThat(off.count()).isGreaterThan(5));
    assertThat(stored(values).mismatch(new Tolerance(0.1, 0, 0.05, "a test"), other)).isEmpty();
  }
}
