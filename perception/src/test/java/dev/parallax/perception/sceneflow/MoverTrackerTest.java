package dev.parallax.perception.sceneflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A camera 1 over a level floor follows a person, 0.5 wide and 1.6 high, who walks across and away.
 * Triangulation puts the person where a resting point of such flow would be: at a wrong depth.
 */
class MoverTrackerTest {
  private static final DepthGrid GRID =
      new DepthGrid(Shape.of(240, 320), new Intrinsics(220, 220, 160, 110), 2);
  private static final double HEIGHT = 1;
  private static final double TALL = 1.6;
  private static final double HALF_WIDTH = 0.25;
  private static final double INTERVAL_S = 0.05;
  private static final double[] WALK = {0.5, 0, 0.8};
  private static final Se3 T_CUR_PREV = Se3.ofTranslation(0, 0, -0.02); // 0.4 a second ahead
  private static final float WRONG = 1.7f;
  private static final int FRAMES = 30;
  private static final byte PERSON_GREY = 40;
  private static final byte ROOM_GREY = 100;

  private final int pixels = GRID.shape().pixels();
  private final float[] slopeX = GRID.columnSlopes();
  private final float[] slopeY = GRID.rowSlopes();
  private final float[] backward = new float[2 * pixels];
  private Picture picture;
  private DepthMap depth;
  private MovingMask mask;
  private SceneFlowField velocity;
  private double personX;
  private double personZ;

  /** The picture at a frame; legs are in the mask only if it says so. */
  private void see(int frame, boolean masksLegs, float wrongStd) {
    double timeS = frame * INTERVAL_S;
    personX = -0.5 + WALK[0] * timeS;
    personZ = 2.5 + (WALK[2] - 0.4) * timeS;
    picture =
        new Picture(
            GRID.picture().width(),
            GRID.picture().height(),
            Picture.Format.MONO8,
            new byte[GRID.picture().pixels()]);
    depth = new DepthMap(GRID.width(), GRID.height(), new float[pixels], new float[pixels]);
    mask = new MovingMask(GRID.width(), GRID.height(), new byte[pixels]);
    velocity = new SceneFlowField(GRID.width(), GRID.height(), new float[3 * pixels]);
    for (int i = 0; i < pixels; i++) {
      double x = slopeX[i % GRID.width()];
      double y = slopeY[i / GRID.width()];
      double way = personZ * y - HEIGHT; // over the floor, downwards
      boolean isPerson = Math.abs(personZ * x - personX) < HALF_WIDTH && way < 0 && way > -TALL;
      double z = isPerson ? personZ : y > HEIGHT / 12 ? HEIGHT / y : 12;
      double movedX = isPerson ? (WALK[0] - 0) * INTERVAL_S : 0;
      double movedZ = -0.02 + (isPerson ? WALK[2] * INTERVAL_S : 0);
      paint(i, isPerson ? PERSON_GREY : ROOM_GREY);
      double before = z - movedZ;
      backward[2 * i] = flow((x * z - movedX) / before - x, GRID.camera().fx());
      backward[2 * i + 1] = flow(y * z / before - y, GRID.camera().fy());
      depth.depthM()[i] = isPerson ? WRONG : (float) z;
      depth.stdM()[i] = isPerson ? wrongStd * WRONG : 0.04f * (float) z;
      boolean isTrunk = way < -0.8;
      mask.labels()[i] = isPerson && (isTrunk || masksLegs) ? MovingMask.MOVING : MovingMask.STATIC;
    }
  }

  private void paint(int i, byte grey) {
    int width = GRID.picture().width();
    int first = i / GRID.width() * GRID.stride() * width + i % GRID.width() * GRID.stride();
    picture.data()[first] = grey;
  }

  private static float flow(double slopes, double focal) {
    return (float) (slopes * focal / GRID.stride());
  }

  private void walk(MoverTracker tracker, boolean masksLegs, @Nullable GroundPlane ground) {
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, masksLegs, 0.3f);
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, ground, mask, depth, velocity);
    }
  }

  private static GroundPlane floor() {
    return new GroundPlane(0, 1 / HEIGHT, 0, 0.01, 1);
  }

  private int pixelOfPerson(double overFloor) {
    int u = (int) Math.round((personX / personZ * 220 + 160) / 2);
    int v = (int) Math.round(((HEIGHT - overFloor) / personZ * 220 + 110) / 2);
    return v * GRID.width() + u;
  }

  private double velocityError(int i) {
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double d = velocity.velocityMps()[3 * i + k] - WALK[k];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  @Test
  void aPersonWhoseFeetAreSeenIsAtTheDepthOfTheFloorThereAndGoesAsFast() {
    walk(new MoverTracker(GRID, false), true, floor());

    int trunk = pixelOfPerson(1.2);
    assertThat((double) depth.depthM()[trunk]).isCloseTo(personZ, within(0.06 * personZ));
    assertThat(velocityError(trunk)).isLessThan(0.1);
  }

  @Test
  void whatCarriesATrunkMovesWithIt() {
    walk(new MoverTracker(GRID, false), false, floor());

    int shin = pixelOfPerson(0.3);
    assertThat(mask.labels()[shin]).isEqualTo(MovingMask.MOVING);
    assertThat((double) depth.depthM()[shin]).isCloseTo(personZ, within(0.1 * personZ));
    assertThat(velocityError(shin)).isLessThan(0.15);
  }

  @Test
  void theFloorBesideAPersonStaysAsItWas() {
    walk(new MoverTracker(GRID, false), false, floor());

    int beside = pixelOfPerson(0.3) + GRID.width() / 6;
    assertThat(mask.labels()[beside]).isEqualTo(MovingMask.STATIC);
    assertThat(velocity.velocityMps()[3 * beside + 2]).isZero();
  }

  @Test
  void aSureSurfaceUnderATrunkIsWhatHidesTheLegs() {
    MoverTracker tracker = new MoverTracker(GRID, false);
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, false, 0.05f);
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, floor(), mask, depth, velocity);
    }

    assertThat(mask.labels()[pixelOfPerson(0.3)]).isEqualTo(MovingMask.STATIC);
  }

  @Test
  void withoutAFloorDepthIsAsUnsureAsItIs() {
    walk(new MoverTracker(GRID, false), true, null);

    int trunk = pixelOfPerson(1.2);
    float z = depth.depthM()[trunk];
    assertThat(z < 0.8 * personZ).isTrue(); // nothing tells the right depth
    assertThat(Math.abs(z - personZ)).isLessThan(2.0 * depth.stdM()[trunk]);
  }

  @Test
  void nothingThatMovesLiesBehindWhatItHides() {
    MoverTracker tracker = new MoverTracker(GRID, false);
    float wall = 3.2f;
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, true, 0.3f);
      for (int i = 0; i < pixels; i++) {
        boolean isPerson = depth.depthM()[i] == WRONG;
        depth.depthM()[i] = isPerson ? 6 : Math.min(wall, depth.depthM()[i]);
      }
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, null, mask, depth, velocity);
    }

    assertThat(depth.depthM()[pixelOfPerson(1.2)]).isLessThan(1.1f * wall);
  }

  @Test
  void whereNothingAroundHasADepthNoBodyIsToldOf() {
    MoverTracker tracker = new MoverTracker(GRID, false);
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, true, 0.3f);
      for (int i = 0; i < pixels; i++) {
        depth.depthM()[i] = depth.depthM()[i] == WRONG ? WRONG : Float.NaN;
      }
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, null, mask, depth, velocity);
    }

    assertThat(velocity.velocityMps()[3 * pixelOfPerson(1.2)]).isZero(); // as it came
  }

  @Test
  void aSensorsDepthOfWhatMovesIsLeftAsItIsAndMakesItsVelocity() {
    MoverTracker tracker = new MoverTracker(GRID, true);
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, true, 0.05f);
      for (int i = 0; i < pixels; i++) {
        if (depth.depthM()[i] == WRONG) {
          depth.depthM()[i] = (float) personZ + 0.01f * (i % 3);
        }
      }
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, null, mask, depth, velocity);
    }

    int trunk = pixelOfPerson(1.2);
    assertThat(depth.depthM()[trunk]).isEqualTo((float) personZ + 0.01f * (trunk % 3));
    assertThat(velocityError(trunk)).isLessThan(0.1);
  }

  @Test
  void aNewUnitOfLengthChangesNothingButTheUnit() {
    MoverTracker tracker = new MoverTracker(GRID, false);
    walk(tracker, true, floor());
    tracker.rescale(2);

    see(FRAMES, true, 0.3f);
    for (int i = 0; i < pixels; i++) {
      depth.depthM()[i] *= 2;
      depth.stdM()[i] *= 2;
    }
    GroundPlane ground = new GroundPlane(0, 0.5 / HEIGHT, 0, 0.01, 1);
    Se3 motion = T_CUR_PREV.scaledTranslation(2);
    tracker.follow(picture, backward, motion, INTERVAL_S, ground, mask, depth, velocity);

    int trunk = pixelOfPerson(1.2);
    assertThat((double) depth.depthM()[trunk]).isCloseTo(2 * personZ, within(0.12 * personZ));
    assertThat((double) velocity.velocityMps()[3 * trunk + 2]).isCloseTo(2 * WALK[2], within(0.2));
  }

  @Test
  void aRimOfThePictureTakenForABodyDoesNotFanOut() {
    MoverTracker tracker = new MoverTracker(GRID, false);
    int rim = GRID.width() / 20;
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, false, 0.3f);
      for (int i = 0; i < pixels; i++) {
        boolean isRim = i % GRID.width() < rim || i / GRID.width() < rim;
        boolean isLow = i / GRID.width() > GRID.height() / 2;
        mask.labels()[i] = isRim && !isLow ? MovingMask.MOVING : MovingMask.STATIC;
        paint(i, isRim && !isLow ? PERSON_GREY : ROOM_GREY);
        depth.stdM()[i] = 0.3f * depth.depthM()[i]; // nothing is a sure surface
        depth.depthM()[i] = WRONG;
      }
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, floor(), mask, depth, velocity);
    }

    for (int v = GRID.height() / 4; v < GRID.height(); v += 4) {
      int middle = v * GRID.width() + GRID.width() / 4;
      assertThat(mask.labels()[middle]).as("row %d", v).isEqualTo(MovingMask.STATIC);
    }
  }

  @Test
  void whatFlowSpreadsOverTheWallBesideAPersonHasNeitherDepthNorVelocity() {
    MoverTracker tracker = new MoverTracker(GRID, false);
    int person = 0;
    int beside = 0;
    for (int frame = 0; frame < FRAMES; frame++) {
      see(frame, true, 0.3f);
      person = pixelOfPerson(1.2);
      beside = person + (int) (0.35 / personZ * 220 / 2);
      for (int i = 1; i <= beside - person; i++) {
        mask.labels()[person + i] = MovingMask.MOVING;
        mask.labels()[person + i + GRID.width()] = MovingMask.MOVING;
      }
      tracker.follow(picture, backward, T_CUR_PREV, INTERVAL_S, floor(), mask, depth, velocity);
    }

    assertThat(mask.labels()[beside]).isEqualTo(MovingMask.UNKNOWN);
    assertThat(depth.depthM()[beside]).isNaN();
    assertThat(velocity.velocityMps()[3 * beside]).isNaN();
    assertThat(velocityError(person)).isLessThan(0.15);
  }

  @Test
  void aStillPictureHasNoBodies() {
    see(0, true, 0.3f);
    Arrays.fill(mask.labels(), MovingMask.STATIC);
    float[] before = depth.depthM().clone();

    new MoverTracker(GRID, false)
        .follow(picture, backward, T_CUR_PREV, INTERVAL_S, floor(), mask, depth, velocity);

    assertThat(mask.labels()).containsOnly(MovingMask.STATIC);
    assertThat(depth.depthM()).isEqualTo(before);
  }
}
