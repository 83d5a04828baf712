package dev.parallax.perception.sceneflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** A body of 40 by 80 grid pixels, its flow's mask 8 too wide on the right, before a wall. */
class BodyOutlineTest {
  private static final DepthGrid GRID =
      new DepthGrid(Shape.of(240, 320), new Intrinsics(220, 220, 160, 120), 2);
  private static final int LEFT = 50;
  private static final int RIGHT = 90;
  private static final int TOP = 20;
  private static final int BOTTOM = 100;
  private static final int SPREAD = 8;
  private static final int WALL = 0x607080;
  private static final int SHIRT = 0xb03020;

  private final BodyPieces pieces = new BodyPieces(GRID);
  private final BodyOutline outline = new BodyOutline(GRID, pieces);
  private final MovingMask mask =
      new MovingMask(GRID.width(), GRID.height(), new byte[GRID.shape().pixels()]);
  private boolean[] left;

  private static boolean isBody(int column, int row) {
    return column >= LEFT && column < RIGHT && row >= TOP && row < BOTTOM;
  }

  private static int scene(int column, int row) {
    return isBody(column, row) ? SHIRT : WALL;
  }

  /**
   * @param colour {@code 0xRRGGBB} of a grid pixel by its column and row
   */
  private static Picture picture(Picture.Format format, IntBinaryOperator colour) {
    int width = GRID.picture().width();
    byte[] data = new byte[GRID.picture().pixels() * format.channels()];
    for (int i = 0; i < GRID.picture().pixels(); i++) {
      int rgb = colour.applyAsInt(i % width / GRID.stride(), i / width / GRID.stride());
      for (int k = 0; k < format.channels(); k++) {
        data[i * format.channels() + k] = (byte) (rgb >> 8 * k); // blue first
      }
    }
    return new Picture(width, GRID.picture().height(), format, data);
  }

  private void mark(int left, int top, int right, int bottom, byte label) {
    for (int row = top; row < bottom; row++) {
      java.util.Arrays.fill(
          mask.labels(), row * GRID.width() + left, row * GRID.width() + right, label);
    }
  }

  private void draw(Picture picture) {
    pieces.find(mask);
    left = outline.draw(picture, mask);
  }

  private byte label(int column, int row) {
    return mask.labels()[row * GRID.width() + column];
  }

  /** Share of the body's and the mask's pixels that both have. */
  private double iou() {
    int both = 0;
    int either = 0;
    for (int i = 0; i < mask.labels().length; i++) {
      boolean isMarked = mask.labels()[i] == MovingMask.MOVING;
      boolean isTrue = isBody(i % GRID.width(), i / GRID.width());
      both += isMarked && isTrue ? 1 : 0;
      either += isMarked || isTrue ? 1 : 0;
    }
    return (double) both / either;
  }

  @Test
  void whatFlowSpreadsOverTheWallIsLeftOutAndUndecided() {
    mark(LEFT, TOP, RIGHT + SPREAD, BOTTOM, MovingMask.MOVING);
    assertThat(iou()).isLessThan(0.85);

    draw(picture(Picture.Format.BGR8, BodyOutlineTest::scene));

    assertThat(iou()).isGreaterThan(0.95);
    assertThat(label(RIGHT + SPREAD / 2, 60)).isEqualTo(MovingMask.UNKNOWN);
    int cell = 60 / BodyPieces.STEP * pieces.width + (RIGHT + SPREAD / 2) / BodyPieces.STEP;
    assertThat(left[cell]).isTrue();
    assertThat(pieces.piece[cell]).isNegative();
    assertThat(pieces.reach[cell]).isEqualTo(pieces.piece[cell - SPREAD / BodyPieces.STEP]);
  }

  @Test
  void aGreyPictureServesAsWell() {
    mark(LEFT, TOP, RIGHT + SPREAD, BOTTOM, MovingMask.MOVING);

    draw(picture(Picture.Format.MONO8, BodyOutlineTest::scene));

    assertThat(iou()).isGreaterThan(0.95);
  }

  @Test
  void whatFlowSaysNothingOfButLooksLikeTheBodyBelongsToIt() {
    mark(LEFT, TOP, RIGHT, BOTTOM - 24, MovingMask.MOVING);
    mark(LEFT, BOTTOM - 24, RIGHT, BOTTOM, MovingMask.UNKNOWN);

    draw(picture(Picture.Format.BGR8, BodyOutlineTest::scene));

    assertThat(iou()).isGreaterThan(0.95);
  }

  @Test
  void aLikeColourThatHangsOnNoBodyStaysAsItWas() {
    mark(LEFT, TOP, RIGHT, BOTTOM, MovingMask.MOVING);
    mark(RIGHT + 6, TOP, RIGHT + 10, TOP + 8, MovingMask.UNKNOWN);

    draw(
        picture(
            Picture.Format.BGR8,
            (column, row) ->
                column >= RIGHT + 6 && column < RIGHT + 10 && row < TOP + 8
                    ? SHIRT
                    : scene(column, row)));

    assertThat(label(RIGHT + 8, TOP + 4)).isEqualTo(MovingMask.UNKNOWN);
    assertThat(label(RIGHT + 8, TOP + 20)).isEqualTo(MovingMask.STATIC);
  }

  @Test
  void aSmallBodyPaintedLikeTheWallIsUndecided() {
    mark(LEFT, TOP, LEFT + 10, TOP + 10, MovingMask.MOVING);

    draw(picture(Picture.Format.BGR8, (column, row) -> WALL));

    assertThat(label(LEFT + 4, TOP + 4)).isEqualTo(MovingMask.UNKNOWN);
    assertThat(pieces.count()).isZero();
  }

  @Test
  void whatRestedAMomentAgoIsRemembered() {
    int carpet = 0x206030;
    Picture empty =
        picture(Picture.Format.BGR8, (column, row) -> row < BOTTOM - 20 ? WALL : carpet);
    Picture entered =
        picture(
            Picture.Format.BGR8,
            (column, row) ->
                isBody(column, row) ? SHIRT : row >= BOTTOM - 20 && column < 110 ? carpet : WALL);
    for (int frame = 0; frame < 5; frame++) {
      mark(0, 0, GRID.width(), GRID.height(), MovingMask.STATIC);
      draw(empty);
    }
    mark(LEFT, TOP, RIGHT, BOTTOM, MovingMask.MOVING);
    mark(20, BOTTOM - 20, 100, GRID.height(), MovingMask.MOVING); // most of what carpet is seen

    draw(entered);

    assertThat(label(30, BOTTOM)).isEqualTo(MovingMask.UNKNOWN);
    assertThat(label(LEFT + 20, TOP + 20)).isEqualTo(MovingMask.MOVING);
  }

  @Test
  void aPictureWithoutBodiesStaysAsItIs() {
    mark(LEFT, TOP, LEFT + 2, TOP + 2, MovingMask.MOVING); // a speck

    draw(picture(Picture.Format.BGR8, BodyOutlineTest::scene));

    assertThat(label(LEFT, TOP)).isEqualTo(MovingMask.MOVING);
    assertThat(left).doesNotContain(true);
  }
}
