package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A body of 10 x 20 cells before a wall, of which a few cells are known to move. */
class MovingPiecesTest {
  private static final int LEFT = 20;
  private static final int RIGHT = 30;
  private static final int TOP = 10;
  private static final int BOTTOM = 30;

  private final DepthGrid grid =
      new DepthGrid(Shape.of(240, 320), new Intrinsics(260, 260, 159.5, 119.5), 2);
  private final CellFlow flow = new CellFlow(grid);
  private final MovingPieces pieces = new MovingPieces(flow);
  private final float[] rho = new float[grid.shape().pixels()];
  private final boolean[] moves = new boolean[flow.width * flow.height];

  @BeforeEach
  void bodyBeforeAWall() {
    Arrays.fill(flow.closes, true);
    Arrays.fill(rho, 0.2f);
    Arrays.fill(flow.u, 1);
    body(4, 0.5f);
  }

  private void body(float flowU, float inverseDepth) {
    for (int r = TOP; r < BOTTOM; r++) {
      for (int c = LEFT; c < RIGHT; c++) {
        flow.u[r * flow.width + c] = flowU;
        rho[gridIndex(r, c)] = inverseDepth;
      }
    }
  }

  private int gridIndex(int r, int c) {
    return r * MotionKernels.CELL * grid.width() + c * MotionKernels.CELL;
  }

  private void moving(int rows) {
    for (int r = TOP; r < TOP + rows; r++) {
      Arrays.fill(moves, r * flow.width + LEFT, r * flow.width + RIGHT, true);
    }
  }

  private int count() {
    int n = 0;
    for (boolean m : moves) {
      n += m ? 1 : 0;
    }
    return n;
  }

  private boolean isInBody(int cell) {
    int r = cell / flow.width;
    int c = cell % flow.width;
    return r >= TOP && r < BOTTOM && c >= LEFT && c < RIGHT;
  }

  @Test
  void aFifthThatMovesGivesTheWholeBodyAwayAndNothingElse() {
    moving(4);

    pieces.complete(rho, moves);

    for (int i = 0; i < moves.length; i++) {
      assertThat(moves[i]).as("cell %d", i).isEqualTo(isInBody(i));
    }
  }

  @Test
  void aTenthIsNotEnough() {
    moving(2);

    pieces.complete(rho, moves);

    assertThat(count()).isEqualTo(20);
  }

  @Test
  void whatGoesOnSmoothlyIntoTheSceneIsNotAThing() {
    body(1, 0.2f); // the wall itself, of which a part was found to move
    moving(20);

    pieces.complete(rho, moves);

    assertThat(count()).isEqualTo(200);
  }

  @Test
  void aStepInDepthAlonePartsPieces() {
    body(1, 0.5f);
    moving(4);

    pieces.complete(rho, moves);

    assertThat(count()).isEqualTo(200);
  }

  @Test
  void undecidedCellsGoWithWhatIsMostlyAroundThem() {
    moving(20);
    int inside = 15 * flow.width + 25;
    int beside = 15 * flow.width + RIGHT; // one neighbour moves, three rest
    for (int gap : new int[] {inside, beside}) {
      moves[gap] = false;
      flow.closes[gap] = false;
      flow.u[gap] = 20;
    }

    pieces.complete(rho, moves);

    assertThat(moves[inside]).isTrue();
    assertThat(moves[beside]).isFalse();
  }

  @Test
  void beforeThereIsDepthOneMistakeDoesNotSpread() {
    Arrays.fill(rho, Float.NaN);
    moving(4);

    pieces.complete(rho, moves);

    assertThat(count()).isEqualTo(40);
  }

  @Test
  void aGapAsLargeAsTheSceneIsNotFilled() {
    moving(20);
    for (int i = 0; i < moves.length; i++) {
      flow.closes[i] = isInBody(i) || i % flow.width < 5;
      flow.u[i] = isInBody(i) ? 4 : 20 * (i % 2);
    }

    pieces.complete(rho, moves);

    assertThat(count()).isEqualTo(200);
  }
}
