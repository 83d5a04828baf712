package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.RealData;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RealFoldersTest {
  @Test
  void playsTheKittiClipWithItsCameraTimesAndPoses() {
    Path folder = RealData.path("kitti06-stereo-51f");

    List<SourceItem> items =
        FolderFixture.play(Recordings.open(folder, RecordingOptions.defaults()));

    assertThat(items).hasSize(51).allMatch(SourceItem.Frame.class::isInstance);
    CameraFrame second = ((SourceItem.Frame) items.get(1)).frame();
    assertThat(second.stamp()).isEqualTo(Timestamp.parseSeconds("0.1044989"));
    assertThat(second.picture().format()).isEqualTo(Picture.Format.MONO8);
    assertThat(second.calibration())
        .isEqualTo(
            new CameraCalibration(
                new PinholeCamera(1226, 370, 707.0912, 707.0912, 601.8873, 183.1104),
                CameraCalibration.Origin.GIVEN));
    List<StampedPose> poses = GroundTruths.open(folder).poses();
    assertThat(poses).hasSize(51);
    assertThat(poses.get(0).T_world_cam().log()).containsExactly(new double[6], within(1e-6));
    assertThat(poses.get(1).T_world_cam().translation())
        .containsExactly(new double[] {-0.01401751, -0.02820321, 1.198998}, within(1e-9));
    assertThat(pathLengthM(poses)).as("60 m of road").isBetween(55.0, 65.0);
  }

  @Test
  void playsTheRedKitchenClipWithItsDepthAndPoses() {
    Path folder = RealData.path("7scenes-redkitchen-250f");
    GroundTruth truth = GroundTruths.open(folder);
    FrameSource source = Recordings.open(folder, RecordingOptions.defaults().withSensorDepth(true));

    assertThat(source.frameCount()).hasValue(250);
    assertThat(source.warnings()).isEmpty();
    assertThat(truth.frameStamps()).hasSize(250);
    assertThat(truth.frameStamps().get(249).seconds()).isCloseTo(249 / 30.0, within(1e-9));
    assertThat(truth.camera()).isEqualTo(new PinholeCamera(640, 480, 585, 585, 320, 240));
    assertThat(truth.poses()).hasSize(250);
    assertThat(truth.poses().get(0).T_world_cam().translation())
        .containsExactly(new double[] {-0.3404563, 0.0164698, 0.2965692}, within(1e-6));
    assertThat(pathLengthM(truth.poses())).isBetween(1.0, 10.0);
    for (int i = 0; i < 5; i++) {
      CameraFrame frame = ((SourceItem.Frame) source.next()).frame();
      assertThat(frame.picture().format()).isEqualTo(Picture.Format.BGR8);
      assertDepthOfAKitchen(frame.sensorDepth());
      assertDepthOfAKitchen(truth.depth(frame.stamp()));
    }
  }

  private static void assertDepthOfAKitchen(DepthMap depth) {
    int known = 0;
    float nearestM = Float.MAX_VALUE;
    float farthestM = 0;
    for (float metres : depth.depthM()) {
      if (!Float.isNaN(metres)) {
        known++;
        nearestM = Math.min(nearestM, metres);
        farthestM = Math.max(farthestM, metres);
      }
    }
    assertThat(nearestM).isGreaterThan(0.3f);
    assertThat(farthestM).isLessThan(10);
    assertThat(known / (double) (640 * 480)).isGreaterThan(0.6);
  }

  private static double pathLengthM(List<StampedPose> poses) {
    double length = 0;
    for (int i = 1; i < poses.size(); i++) {
      length +=
          poses.get(i - 1).T_world_cam().inverse().times(poses.get(i).T_world_cam()).distance();
    }
    return length;
  }
}
