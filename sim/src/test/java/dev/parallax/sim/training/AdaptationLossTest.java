package dev.parallax.sim.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A wall seen from two places, by hand. */
class AdaptationLossTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(64, 64, 50, 50, 31.5, 31.5);
  private static final PinholeCamera GRID = MeasuredView.answerCamera(CAMERA);
  private static final float DEPTH = 4;

  /** The other camera stands 0.8 to the right: at depth 4 and 25 px everything goes 5 px left. */
  private static final Se3 T_OTHER_THIS = Se3.ofTranslation(-0.8, 0, 0);

  @BeforeAll
  static void startTheEngine() throws Exception {
    DepthTraining.engine();
  }

  @Test
  void theRightDepthGoesWhereFlowLeadsAndAWrongOneDoesNot() {
    FlowView flow = new FlowView(T_OTHER_THIS, constantFlow(-5, 0));
    assertThat(residual(DEPTH, 1, flow)[100]).isCloseTo(0.1f, within(1e-3f)); // its smooth floor
    assertThat(residual(5, 1, flow)[100]).isCloseTo(1, within(0.02f));
  }

  @Test
  void theRecordingsUnitIsBroughtToMetres() {
    // A unit is two metres: the network says 8 m where the recording has 4 units.
    FlowView flow = new FlowView(T_OTHER_THIS, constantFlow(-5, 0));
    assertThat(residual(8, 2, flow)[100]).isCloseTo(0.1f, within(1e-3f));
  }

  @Test
  void ofTwoNeighboursTheBetterOneCounts() {
    FlowView right = new FlowView(T_OTHER_THIS, constantFlow(-5, 0));
    FlowView hidden = new FlowView(T_OTHER_THIS, constantFlow(-8, 2));
    assertThat(residual(DEPTH, 1, hidden, right)[100]).isCloseTo(0.1f, within(1e-3f));
  }

  @Test
  void whatNoMotionExplainsBetterDoesNotCount() {
    FlowView still = new FlowView(T_OTHER_THIS, constantFlow(0, 0));
    assertThat(residual(DEPTH, 1, still)[100]).isGreaterThan(100);
  }

  @Test
  void inAMirrorEverythingIsTheSame() {
    FlowView flow = new FlowView(T_OTHER_THIS, constantFlow(-5, 0)).mirrored(GRID.width());
    assertThat(flow.uv()[0]).isEqualTo(5);
    assertThat(residual(DEPTH, 1, flow)[100]).isCloseTo(0.1f, within(1e-3f));
  }

  @Test
  void anEnlargedPartIsSeenByACameraOfItsOwn() {
    ViewCrop crop = new ViewCrop(0.7, 5, 9);
    TrainingSample part = crop.of(wall());
    assertThat(part.camera().fx()).isCloseTo(50 / 0.7, within(1e-9));
    FlowView flow = new FlowView(T_OTHER_THIS, constantFlow(-5, 0));
    float[] weight = new float[GRID.width() * GRID.height()];
    try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
      List<FlowView> flows = crop.flows(List.of(flow), CAMERA);
      AdaptationLoss.Goal goal = goal(scope, part, weight, 1, flows);
      NDArray answer = predicted(scope, DEPTH, weight, DEPTH).get(new NDIndex(":, 0:1"));
      float[] residual = AdaptationLoss.bestResidual(answer, goal).toFloatArray();
      assertThat(residual[100]).isCloseTo(0.1f, within(1e-3f));
    }
  }

  private static TrainingSample wall() {
    float[] inverse = new float[CAMERA.width() * CAMERA.height()];
    Arrays.fill(inverse, 1 / DEPTH);
    return new TrainingSample(CAMERA, new byte[inverse.length], inverse);
  }

  @Test
  void onlyPixelsWithAMeasuredDepthAreHeldAgainstIt() {
    float[] weight = new float[GRID.width() * GRID.height()];
    for (int i = 0; i < weight.length; i += 2) {
      weight[i] = 1;
    }
    try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
      AdaptationLoss.Goal goal = goal(scope, wall(), weight, 1, List.of());
      float right = AdaptationLoss.of(predicted(scope, DEPTH, weight, DEPTH), goal).getFloat();
      float elsewhere = AdaptationLoss.of(predicted(scope, DEPTH, weight, 9), goal).getFloat();
      float wrong = AdaptationLoss.of(predicted(scope, 9, weight, DEPTH), goal).getFloat();
      assertThat(elsewhere).isEqualTo(right);
      assertThat(wrong).isGreaterThan(right + 0.3f);
    }
  }

  private static float[] residual(float depth, double metres, FlowView... flows) {
    float[] weight = new float[GRID.width() * GRID.height()];
    try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
      AdaptationLoss.Goal goal = goal(scope, wall(), weight, metres, List.of(flows));
      NDArray answer = predicted(scope, depth, weight, depth).get(new NDIndex(":, 0:1"));
      return AdaptationLoss.bestResidual(answer, goal).toFloatArray();
    }
  }

  private static AdaptationLoss.Goal goal(
      NDManager scope, TrainingSample sample, float[] weight, double metres, List<FlowView> flows) {
    AdaptationBatch batch = new AdaptationBatch(CAMERA, 1);
    float[] nothing = new float[sample.inverseDepth().length];
    batch.put(0, sample, nothing, weight, flows, metres);
    return batch.goal(scope);
  }

  /** {@code [1 2 h w]}: one depth where there is weight, another elsewhere. */
  private static NDArray predicted(NDManager scope, float depth, float[] weight, float elsewhere) {
    float[] values = new float[2 * weight.length];
    for (int i = 0; i < weight.length; i++) {
      values[i] = (float) -Math.log(weight[i] > 0 ? depth : elsewhere);
    }
    return scope.create(values, new Shape(1, 2, GRID.height(), GRID.width()));
  }

  private static float[] constantFlow(float du, float dv) {
    float[] uv = new float[2 * GRID.width() * GRID.height()];
    for (int i = 0; i < uv.length; i += 2) {
      uv[i] = du;
      uv[i + 1] = dv;
    }
    return uv;
  }
}
