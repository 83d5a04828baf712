package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.TwoWalls;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.odometry.Relocaliser.Found;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keyframes before two walls, half a metre apart, with exact depth. */
class RelocaliserTest {
  private final CpuKernels kernels = new CpuKernels(1);
  private final BufferScope scope = kernels.openScope();
  private final KeyframeArchive archive = new KeyframeArchive(kernels);
  private final Relocaliser relocaliser = new Relocaliser(TwoWalls.CAMERA, kernels, archive);

  @AfterEach
  void close() {
    scope.close();
    kernels.close();
  }

  private DeviceBuffer grey(Picture picture) {
    DeviceBuffer grey = scope.u8(Shape.of(picture.height(), picture.width()));
    kernels.upload(picture.data(), grey);
    return grey;
  }

  /** The camera {@code xM} to the right of odom. */
  private static Se3 at(double xM) {
    return Se3.ofTranslation(-xM, 0, 0);
  }

  private void store(int count) {
    for (int k = 0; k < count; k++) {
      double xM = 0.5 * k;
      DepthHint exact =
          (u, v, out) -> {
            out[0] = 1 / TwoWalls.depthM(Math.round(u), Math.round(v), xM);
            out[1] = 0.01 * out[0] * out[0];
            return true;
          };
      archive.add(grey(TwoWalls.picture(xM)), new Timestamp(k), at(xM), exact);
    }
  }

  @Test
  void aCameraBetweenKeyframesIsFoundWhereItIs() {
    store(3);

    Found found = relocaliser.find(grey(TwoWalls.picture(0.62))).orElseThrow();

    assertThat(found.T_cam_odom().tx()).isCloseTo(-0.62, within(0.02));
    assertThat(PointScene.angleRad(found.T_cam_odom(), at(0))).isLessThan(0.01);
    assertThat(found.score()).isGreaterThan(0.4);
    for (int i = 0; i < found.inliers(); i++) {
      double depthM =
          TwoWalls.depthM(Math.round(found.uv()[2 * i]), Math.round(found.uv()[2 * i + 1]), 0.62);
      // A feature on the board's edge may take either wall's depth.
      assertThat(1 / found.inverseDepth()[i]).isBetween(0.4 * depthM, 2.5 * depthM);
    }
  }

  @Test
  void aWallNeverSeenIsRefused() {
    store(3);

    for (int k = 0; k < 10; k++) {
      assertThat(relocaliser.find(grey(TwoWalls.picture(50 + 3 * k)))).isEmpty();
    }
    assertThat(relocaliser.find(grey(TwoWalls.flat(90)))).isEmpty();
  }

  @Test
  void withoutDepthNothingIsFound() {
    archive.add(grey(TwoWalls.picture(0)), new Timestamp(0), at(0), DepthHint.NONE);

    assertThat(relocaliser.find(grey(TwoWalls.picture(0)))).isEmpty();
  }

  @Test
  void lengthsFollowAChangeOfUnit() {
    store(2);
    archive.rescale(3, T -> T.scaledTranslation(3));

    Optional<Found> found = relocaliser.find(grey(TwoWalls.picture(0.4)));

    assertThat(found.orElseThrow().T_cam_odom().tx()).isCloseTo(-1.2, within(0.06));
  }

  @Test
  void anOldKeyframeIsReachedInTurn() {
    store(1);
    for (int k = 1; k < 40; k++) {
      DepthHint none = DepthHint.NONE;
      archive.add(grey(TwoWalls.picture(20 + k)), new Timestamp(k), at(20 + k), none);
    }
    DeviceBuffer back = grey(TwoWalls.picture(0.1));

    boolean found = false;
    for (int frame = 0; frame < 10 && !found; frame++) {
      found = relocaliser.find(back).isPresent();
    }

    assertThat(found).isTrue();
  }
}
