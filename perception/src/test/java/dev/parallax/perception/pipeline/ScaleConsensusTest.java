package dev.parallax.perception.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.ScaleConsensus.Verdict;
import dev.parallax.perception.pipeline.ScaleConsensus.Voice;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScaleConsensusTest {
  private final ScaleConsensus consensus = new ScaleConsensus();

  private static Voice voice(ScaleSource source, double factor, double std) {
    return new Voice(source, factor, std, 0.01);
  }

  private static Voice speed(double factor) {
    return voice(ScaleSource.SPEED, factor, 0.01);
  }

  private static Voice height(double factor) {
    return voice(ScaleSource.CAMERA_HEIGHT, factor, 0.03);
  }

  private static Voice imu(double factor) {
    return voice(ScaleSource.IMU, factor, 0.03);
  }

  @Test
  void oneSourceIsTakenAtItsWordToTheBit() {
    Voice only = speed(1.0123456789012345);

    Verdict verdict = consensus.judge(List.of(only));

    assertThat(verdict.factor()).isEqualTo(only.factor());
    assertThat(verdict.lastingStd()).isEqualTo(only.std());
    assertThat(verdict.std()).isEqualTo(Math.hypot(only.std(), only.ownStd()));
    assertThat(verdict.winner()).isEqualTo(ScaleSource.SPEED);
  }

  @Test
  void sourcesThatAgreeAreAveragedByInformationAndAreSurerTogether() {
    Verdict verdict = consensus.judge(List.of(speed(1.00), imu(1.06)));

    double weight = 0.0002 / (0.0002 + 0.001);
    assertThat(Math.log(verdict.factor())).isCloseTo(weight * Math.log(1.06), within(1e-12));
    assertThat(verdict.std()).isCloseTo(Math.sqrt(0.0002 * 0.001 / 0.0012), within(1e-12));
    assertThat(verdict.winner()).isEqualTo(ScaleSource.SPEED);
    assertThat(verdict.figures().besides()).containsExactly(ScaleSource.IMU);
    assertThat(verdict.figures().leftOut()).isEmpty();
  }

  @Test
  void ofThreeTheOneThatLiesIsLeftOutThoughItIsTheSurest() {
    Verdict verdict = consensus.judge(List.of(height(1.0), speed(1.2), imu(1.01)));

    assertThat(verdict.apart()).containsOnlyKeys(ScaleSource.SPEED);
    assertThat(verdict.apart().get(ScaleSource.SPEED)).isCloseTo(1.19, within(0.01));
    assertThat(verdict.factor()).isCloseTo(1.005, within(0.001));
    assertThat(verdict.used()).containsExactly(ScaleSource.CAMERA_HEIGHT, ScaleSource.IMU);
  }

  @Test
  void ofTwoThatContradictTheSurerIsKept() {
    Verdict verdict = consensus.judge(List.of(height(0.8), speed(1.0)));

    assertThat(verdict.factor()).isEqualTo(1.0);
    assertThat(verdict.apart()).containsOnlyKeys(ScaleSource.CAMERA_HEIGHT);
  }

  @Test
  void aThirdThatKnowsLittleDoesNotHelpANewcomerAgainstASurerSource() {
    Voice vague = voice(ScaleSource.CAMERA_HEIGHT, 1.066, 0.11);

    Verdict verdict = consensus.judge(List.of(vague, speed(1.0), imu(1.13)));

    assertThat(verdict.apart()).containsOnlyKeys(ScaleSource.IMU);
  }

  @Test
  void whoWasLeftOutComesBackOnlyOnceItClearlyAgrees() {
    consensus.judge(List.of(height(0.8), speed(1.0)));

    assertThat(consensus.judge(List.of(height(0.92), speed(1.0))).apart()).isNotEmpty();
    assertThat(consensus.judge(List.of(height(0.97), speed(1.0))).apart()).isEmpty();
    assertThat(consensus.judge(List.of(height(0.92), speed(1.0))).apart()).isEmpty();
  }

  @Test
  void theWinnerIsNotAnotherOneEachTimeThatStdsAreNearlyAlike() {
    Voice alike = voice(ScaleSource.IMU, 1, 0.0099);
    assertThat(consensus.judge(List.of(speed(1))).winner()).isEqualTo(ScaleSource.SPEED);
    assertThat(consensus.judge(List.of(speed(1), alike)).winner()).isEqualTo(ScaleSource.SPEED);
    Voice surer = voice(ScaleSource.IMU, 1, 0.005);
    assertThat(consensus.judge(List.of(speed(1), surer)).winner()).isEqualTo(ScaleSource.IMU);
  }

  @Test
  void measuredDepthIsKeptAndTheOthersAreHeldAgainstIt() {
    Voice depth = new Voice(ScaleSource.SENSOR_DEPTH, 1, 0, 0.01);

    Verdict verdict = consensus.judge(List.of(depth, speed(1.2), imu(1.19)));

    assertThat(verdict.winner()).isEqualTo(ScaleSource.SENSOR_DEPTH);
    assertThat(verdict.apart()).containsOnlyKeys(ScaleSource.SPEED, ScaleSource.IMU);
  }
}
