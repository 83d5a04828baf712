package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.BrownConradyCamera;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLayoutsTest {
  private static final RecordingOptions DEFAULTS = RecordingOptions.defaults();
  private static final RecordingOptions WITH_DEPTH = DEFAULTS.withSensorDepth(true);

  @TempDir private Path folder;
  private FolderFixture files;

  @BeforeEach
  void openFolder() {
    files = new FolderFixture(folder);
  }

  @Test
  void kittiPlaysTheLeftCameraByLineNumber() {
    files
        .picture("image_0/000001.png", 11)
        .picture("image_0/000002.png", 12)
        .picture("image_1/000001.png", 99)
        .text("calib.txt", "P0: 7 0 3 0 0 8 2 0 0 0 1 0\nP1: 7 0 3 -4 0 8 2 0 0 0 1 0\n")
        .text("times.txt", "0.0\n1.0e-01\n2.5e-01\n")
        .text("poses.txt", poseLine(0) + poseLine(1) + poseLine(2));

    List<SourceItem> items = FolderFixture.play(Recordings.open(folder, DEFAULTS));

    assertThat(items).extracting(SourceItem::stamp).containsExactly(seconds(0.1), seconds(0.25));
    CameraFrame first = frame(items.get(0));
    assertThat(first.picture().data()).containsOnly(11);
    assertThat(first.calibration().model()).isEqualTo(new PinholeCamera(8, 6, 7, 8, 3, 2));
    List<StampedPose> poses = GroundTruths.open(folder).poses();
    assertThat(poses).extracting(StampedPose::stamp).containsExactly(seconds(0.1), seconds(0.25));
    assertThat(poses.get(1).T_world_cam().translation()).containsExactly(2, 0, 0);
    assertThat(GroundTruths.open(folder).camera()).isEqualTo(first.calibration().model());
  }

  @Test
  void kittiColourPosesAreThoseOfTheColourCamera() {
    files
        .picture("image_2/000000.png", 1)
        .text("calib.txt", "P0: 7 0 3 0 0 8 2 0 0 0 1 0\nP2: 7 0 3 3.8 0 8 2 0.6 0 0 1 0.1\n")
        .text("times.txt", "0\n")
        .text("poses.txt", poseLine(5));

    GroundTruth truth = GroundTruths.open(folder);
    StampedPose pose = truth.poses().get(0);

    assertThat(truth.camera()).as("of depth, which one camera does not give").isNull();
    // x_cam2 = x_cam0 + t with K t = (3.8, 0.6, 0.1): t = (0.5, 0.05, 0.1).
    assertThat(pose.T_world_cam().translation())
        .containsExactly(new double[] {4.5, -0.05, -0.1}, within(1e-12));
  }

  @Test
  void tumPairsEachPictureWithTheNearestDepth() {
    files
        .picture("rgb/a.png", 1)
        .picture("rgb/b.png", 2)
        .depth("depth/a.png", 5000)
        .depth("depth/b.png", 10000)
        .text("rgb.txt", "# comment\n10.000 rgb/a.png\n10.100 rgb/b.png\n")
        .text("depth.txt", "10.015 depth/a.png\n10.130 depth/b.png\n")
        .text("groundtruth.txt", "# comment\n10.01 1 2 3 0 0 0 1\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML);

    List<SourceItem> items = FolderFixture.play(Recordings.open(folder, WITH_DEPTH));

    DepthMap depth = frame(items.get(0)).sensorDepth();
    assertThat(depth.depthM()[0]).isNaN();
    assertThat(depth.depthM()[1]).isEqualTo(1);
    assertThat(depth.stdM()[1]).as("the recording does not tell").isNaN();
    assertThat(frame(items.get(1)).sensorDepth()).as("30 ms apart").isNull();
    GroundTruth truth = GroundTruths.open(folder);
    assertThat(truth.frameStamps()).containsExactly(seconds(10), seconds(10.1));
    assertThat(truth.poses().get(0).T_world_cam().translation()).containsExactly(1, 2, 3);
    assertThat(truth.camera()).isEqualTo(new PinholeCamera(8, 6, 7, 7, 3.5, 2.5));
    assertThat(truth.depth(seconds(10)).depthM()[1]).isEqualTo(1);
    assertThat(truth.depth(seconds(10)).stdM()[1]).isZero();
    assertThat(truth.depth(seconds(10.1))).isNull();
    assertThat(truth.sceneFlow(seconds(10))).isNull();
  }

  @Test
  void tumHoldsSensorDepthBackUntilItIsAskedFor() {
    files
        .picture("rgb/a.png", 1)
        .depth("depth/a.png", 5000)
        .text("rgb.txt", "10 rgb/a.png\n")
        .text("depth.txt", "10 depth/a.png\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML);

    assertThat(frame(FolderFixture.play(Recordings.open(folder, DEFAULTS)).get(0)).sensorDepth())
        .isNull();
  }

  @Test
  void tumKnowsThePublishedCamerasByTheNameOfTheFolder() throws IOException {
    Path named = Files.createDirectories(folder.resolve("rgbd_dataset_freiburg1_desk"));
    new FolderFixture(named).picture("rgb/a.png", 640, 480, 5).text("rgb.txt", "10 rgb/a.png\n");

    CameraFrame frame = frame(FolderFixture.play(Recordings.open(named, DEFAULTS)).get(0));

    assertThat(frame.calibration())
        .isEqualTo(
            new CameraCalibration(
                BrownConradyCamera.plumbBob(
                    new PinholeCamera(640, 480, 517.3, 516.5, 318.6, 255.3),
                    0.2624,
                    -0.9531,
                    -0.0054,
                    0.0026,
                    1.1633),
                CameraCalibration.Origin.GIVEN));
  }

  @Test
  void tumPassesOnStampsThatGoBackAndLeavesOutDamagedLinesWithAWarning() {
    files
        .picture("rgb/a.png", 1)
        .picture("rgb/b.png", 2)
        .text("rgb.txt", "10 rgb/a.png\n9 rgb/b.png\nnonsense\n11\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML);

    FrameSource source = Recordings.open(folder, DEFAULTS);

    assertThat(FolderFixture.play(source))
        .extracting(SourceItem::stamp)
        .containsExactly(seconds(10), seconds(9));
    assertThat(source.warnings())
        .containsExactly(
            folder.resolve("rgb.txt") + ":3: not a stamp and a file; the line is left out",
            folder.resolve("rgb.txt") + ":4: not a stamp and a file; the line is left out");
  }

  @Test
  void trueDepthOfADistortedPictureIsRectified() {
    files
        .picture("rgb/a.png", 1)
        .depth("depth/a.png", 5000)
        .text("rgb.txt", "10 rgb/a.png\n")
        .text("depth.txt", "10 depth/a.png\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML.replace("[0, 0, 0, 0, 0]", "[2, 0, 0, 0]"));

    GroundTruth truth = GroundTruths.open(folder);

    // Pincushion: the rectified corner looks past the border of the distorted picture.
    float[] depth = truth.depth(seconds(10)).depthM();
    assertThat(depth[FolderFixture.WIDTH - 1]).isNaN();
    assertThat(depth[2 * FolderFixture.WIDTH + 3]).isEqualTo(1);
    assertThat(truth.camera()).isEqualTo(new PinholeCamera(8, 6, 7, 7, 3.5, 2.5));
  }

  @Test
  void sevenScenesNumbersItsFramesAtThirtyHertz() {
    files
        .picture("frame-000100.color.jpg", 640, 480, 50)
        .picture("frame-000103.color.jpg", 640, 480, 60)
        .text("frame-000103.pose.txt", "1 0 0 4\n0 1 0 5\n0 0 1 6\n0 0 0 1\n");

    List<SourceItem> items = FolderFixture.play(Recordings.open(folder, DEFAULTS));

    assertThat(items)
        .extracting(SourceItem::stamp)
        .containsExactly(seconds(0), new Timestamp(100_000_000));
    assertThat(frame(items.get(0)).calibration().model())
        .isEqualTo(new PinholeCamera(640, 480, 585, 585, 320, 240));
    List<StampedPose> poses = GroundTruths.open(folder).poses();
    assertThat(poses).hasSize(1);
    assertThat(poses.get(0).stamp()).isEqualTo(new Timestamp(100_000_000));
    assertThat(poses.get(0).T_world_cam().translation()).containsExactly(4, 5, 6);
  }

  @Test
  void eurocPlaysTheLeftCameraAndPutsItsPoseThroughTheBody() {
    files
        .picture("mav0/cam0/data/5.png", 7)
        .text("mav0/cam0/data.csv", "#timestamp [ns],filename\n1403636579763555584,5.png\n")
        .text(
            "mav0/cam0/sensor.yaml",
            """
            T_BS:
              cols: 4
              rows: 4
              data: [0, -1, 0, 0.5, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
            resolution: [8, 6]
            intrinsics: [7, 7.5, 3, 2]
            distortion_model: radial-tangential
            distortion_coefficients: [-0.28, 0.07, 0.0001, 1e-05]
            """)
        .text(
            "mav0/state_groundtruth_estimate0/data.csv",
            "#t,p,q\n1403636579763555584,1,2,3,0.7071067811865476,0,0,0.7071067811865476,0,0\n");

    List<SourceItem> items = FolderFixture.play(Recordings.open(folder, DEFAULTS));

    assertThat(items).hasSize(1);
    assertThat(items.get(0).stamp()).isEqualTo(new Timestamp(1403636579763555584L));
    assertThat(frame(items.get(0)).calibration().model())
        .isEqualTo(
            BrownConradyCamera.plumbBob(
                new PinholeCamera(8, 6, 7, 7.5, 3, 2), -0.28, 0.07, 0.0001, 1e-05));
    StampedPose pose = GroundTruths.open(folder).poses().get(0);
    // The body is turned by 90 degrees about z: its x, where the camera sits, is the world's y.
    assertThat(pose.T_world_cam().translation())
        .containsExactly(new double[] {1, 2.5, 3}, within(1e-12));
    assertThat(pose.T_world_cam().transform(1, 0, 0))
        .containsExactly(new double[] {0, 2.5, 3}, within(1e-12));
  }

  @Test
  void plainPicturesAreOrderedAsPeopleCountAndTheirAssumptionsAreSaid() {
    files.picture("img10.png", 10).picture("img9.png", 9).picture("img09b.jpg", 95);

    FrameSource source = Recordings.open(folder, DEFAULTS);
    List<SourceItem> items = FolderFixture.play(source);

    assertThat(items)
        .extracting(item -> frame(item).picture().data()[0])
        .containsExactly((byte) 9, (byte) 95, (byte) 10);
    assertThat(items.get(1).stamp()).isEqualTo(new Timestamp(33_333_333));
    assertThat(frame(items.get(0)).calibration().origin())
        .isEqualTo(CameraCalibration.Origin.ASSUMED);
    assertThat(source.warnings())
        .anyMatch(warning -> warning.contains("30 Hz"))
        .anyMatch(warning -> warning.contains("assumed a focal length"));
    assertThat(GroundTruths.open(folder).poses()).isEmpty();
    assertThat(GroundTruths.open(folder).frameStamps()).hasSize(3);
  }

  @Test
  void plainPicturesTakeTheirTimesAndCameraFromTheFilesBeside() {
    files
        .picture("a.png", 1)
        .picture("b.png", 2)
        .text("times.txt", "5.5\n6\n\n")
        .text("camera.yaml", FolderFixture.CAMERA_YAML);

    FrameSource source = Recordings.open(folder, DEFAULTS);
    List<SourceItem> items = FolderFixture.play(source);

    assertThat(items).extracting(SourceItem::stamp).containsExactly(seconds(5.5), seconds(6));
    assertThat(frame(items.get(0)).calibration())
        .isEqualTo(
            new CameraCalibration(
                new PinholeCamera(8, 6, 7, 7, 3.5, 2.5), CameraCalibration.Origin.GIVEN));
    assertThat(source.warnings()).isEmpty();
    assertThat(source.frameCount()).hasValue(2);
  }

  @Test
  void aCalibrationGivenByTheUserOverrulesTheFolders() {
    files.picture("a.png", 1).text("camera.yaml", FolderFixture.CAMERA_YAML);
    CameraCalibration given =
        new CameraCalibration(new PinholeCamera(8, 6, 9, 9, 4, 3), CameraCalibration.Origin.GIVEN);

    SourceItem item =
        FolderFixture.play(Recordings.open(folder, DEFAULTS.withCalibration(given))).get(0);

    assertThat(frame(item).calibration()).isEqualTo(given);
  }

  private static CameraFrame frame(SourceItem item) {
    return ((SourceItem.Frame) item).frame();
  }

  private static Timestamp seconds(double seconds) {
    return Timestamp.ofSeconds(seconds);
  }

  /** Camera 0 looks along the world's z from (x, 0, 0). */
  private static String poseLine(double x) {
    return "1 0 0 " + x + " 0 1 0 0 0 0 1 0\n";
  }
}
