package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.codec.ProtoCheckpoint.Checkpoint;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.SessionState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoCheckpointTest {
  private static final String TOPIC = "parallax.sessions";
  private static final float[] DEPTH = {1, 2, Float.NaN, 4, 5, 6};
  private static final float[] STD = {0.1f, 0.2f, Float.NaN, 0.4f, 0.5f, 0.6f};

  private static Checkpoint checkpoint(double readoutS) {
    SessionState.View view =
        new SessionState.View(
            new Picture(2, 1, Picture.Format.MONO8, new byte[] {7, 9}),
            new DepthMap(3, 2, DEPTH, STD),
            readoutS);
    PinholeCamera camera = new PinholeCamera(640, 480, 500, 501, 319.5, 239.5);
    SessionState state =
        new SessionState(
            new CameraCalibration(camera, CameraCalibration.Origin.ESTIMATED),
            new Timestamp(1_700_000_000_123_456_789L),
            Se3.exp(new double[] {1, 2, 3, 0.1, 0.2, 0.3}),
            0.03,
            view);
    return new Checkpoint("left", "run", 41, new Timestamp(77), 3, 1000, 2, state);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.018, Double.NaN})
  void comesBackAsItWas(double readoutS) throws Exception {
    Checkpoint before = checkpoint(readoutS);
    Checkpoint after = ProtoCheckpoint.decode(ProtoCheckpoint.encode(before), TOPIC);

    assertThat(after).usingRecursiveComparison().ignoringFields("state").isEqualTo(before);
    SessionState state = after.state();
    assertThat(state.calibration().origin()).isEqualTo(CameraCalibration.Origin.ESTIMATED);
    assertThat(state.calibration().model().rectified())
        .isEqualTo(before.state().calibration().model().rectified());
    assertThat(state.stamp()).isEqualTo(before.state().stamp());
    Se3 apart = before.state().T_odom_cam().inverse().times(state.T_odom_cam());
    assertThat(apart.distance() + apart.angleRad()).isLessThan(1e-9);
    assertThat(state.scaleStd()).isEqualTo(0.03);
    assertThat(state.view().grey().data()).containsExactly(7, 9);
    assertThat(state.view().belief().depthM()).containsExactly(DEPTH);
    assertThat(state.view().belief().stdM()).containsExactly(STD);
    assertThat(state.view().readoutS()).isEqualTo(Double.valueOf(readoutS));
  }

  @Test
  void whatHasOnlyBegunHasNoState() throws Exception {
    Checkpoint begun = new Checkpoint("left", "run", 0, new Timestamp(77), 3, 1000, 0, null);
    assertThat(ProtoCheckpoint.decode(ProtoCheckpoint.encode(begun), TOPIC)).isEqualTo(begun);
  }

  @Test
  void otherBytesAreNamedWithTheirTopic() {
    assertThatThrownBy(() -> ProtoCheckpoint.decode(new byte[] {1, 2, 3}, TOPIC))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining(TOPIC)
        .hasMessageContaining("SessionCheckpoint");
  }
}
