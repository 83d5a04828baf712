package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagReader;
import dev.parallax.nodes.source.bag.BagWriter;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BagSourceTest {
  private static final int WIDTH = 16;
  private static final int HEIGHT = 12;
  private static final String TUM = "bags/tum_fr1_rpy_150f_jpeg_depth.bag";

  @TempDir Path folder;

  /** Writes messages. */
  private interface Content {
    void write(BagWriter writer) throws Exception;
  }

  @Test
  void theOnlyCameraIsPlayedWithItsCalibrationAndStamps() throws Exception {
    Path path =
        bag(
            writer -> {
              int info = writer.addConnection("/cam/camera_info", Ros1Type.CAMERA_INFO);
              int image = writer.addConnection("/cam/image_raw", Ros1Type.IMAGE);
              for (int i = 0; i < 3; i++) {
                writer.write(info, recorded(i), info(i, WIDTH, new double[] {0.1, 0, 0, 0, 0}));
                writer.write(image, recorded(i), grey(i));
              }
            });
    try (BagSource source = BagSource.open(path, RecordingOptions.defaults())) {
      assertThat(source.frameCount()).hasValue(3);
      assertThat(source.name()).endsWith("/cam/image_raw");
      List<SourceItem> items = all(source);
      assertThat(items).extracting(SourceItem::stamp).containsExactly(taken(0), taken(1), taken(2));
      assertThat(items).extracting(item -> item.id().sequence()).containsExactly(0L, 1L, 2L);
      CameraFrame frame = frame(items.get(1));
      assertThat(frame.calibration().origin()).isEqualTo(CameraCalibration.Origin.GIVEN);
      assertThat(frame.calibration().model().name()).isEqualTo("plumb_bob");
      assertThat(frame.picture().data()).containsOnly(1);
      assertThat(source.warnings()).isEmpty();
    }
  }

  @Test
  void severalCamerasAreListedWithTheFlagThatChooses() throws Exception {
    Path path =
        bag(
            writer -> {
              int left = writer.addConnection("/left/image_raw", Ros1Type.IMAGE);
              int right = writer.addConnection("/right/image_raw", Ros1Type.IMAGE);
              writer.write(left, recorded(0), grey(0));
              writer.write(right, recorded(0), grey(1));
              writer.write(right, recorded(1), grey(1));
            });
    assertThatThrownBy(() -> BagSource.open(path, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll(
            "--image TOPIC",
            "/left/image_raw (sensor_msgs/Image \"mono8\", 1 message)",
            "/right/image_raw (sensor_msgs/Image \"mono8\", 2 messages)");
    BagSource right =
        BagSource.open(path, RecordingOptions.defaults().withImageTopic("/right/image_raw"));
    assertThat(all(right)).hasSize(2);
    assertThatThrownBy(
            () -> BagSource.open(path, RecordingOptions.defaults().withImageTopic("/middle")))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("no image topic /middle", "/left/image_raw");
  }

  @Test
  void twinsOfOneCameraAreNotSeveralCamerasAndColourIsPreferred() throws Exception {
    Path path =
        bag(
            writer -> {
              int mono = writer.addConnection("/cam/image_mono", Ros1Type.IMAGE);
              int colour =
                  writer.addConnection("/cam/image_color/compressed", Ros1Type.COMPRESSED_IMAGE);
              int depth = writer.addConnection("/cam/depth/image_raw", Ros1Type.IMAGE);
              writer.write(mono, recorded(0), grey(0));
              writer.write(colour, recorded(0), jpeg(0));
              writer.write(depth, recorded(0), depth(0, 2f));
            });
    BagSource source = BagSource.open(path, RecordingOptions.defaults());
    assertThat(source.name()).endsWith("/cam/image_color/compressed");
    // The raw name of a topic that only has a compressed twin means that twin.
    assertThat(
            BagSource.open(path, RecordingOptions.defaults().withImageTopic("/cam/image_color"))
                .name())
        .isEqualTo(source.name());
    assertThatThrownBy(
            () ->
                BagSource.open(
                    path, RecordingOptions.defaults().withImageTopic("/cam/depth/image_raw")))
        .hasMessageContaining("does not hold pictures");
  }

  @Test
  void withoutCameraInfoTheFocalLengthIsAssumedAndSaidSo() throws Exception {
    Path path = bag(writer -> write(writer, "/cam/image_raw", Ros1Type.IMAGE, grey(0)));
    BagSource source = BagSource.open(path, RecordingOptions.defaults());
    assertThat(source.warnings()).hasSize(1);
    assertThat(source.warnings().get(0))
        .contains(
            "no CameraInfo on /cam/camera_info", "assumed a focal length of 16 px", "--camera");
    assertThat(frame(all(source).get(0)).calibration().origin())
        .isEqualTo(CameraCalibration.Origin.ASSUMED);
    CameraCalibration given =
        new CameraCalibration(
            new PinholeCamera(WIDTH, HEIGHT, 20, 20, 8, 6), CameraCalibration.Origin.GIVEN);
    BagSource told = BagSource.open(path, RecordingOptions.defaults().withCalibration(given));
    assertThat(told.warnings()).isEmpty();
    assertThat(frame(all(told).get(0)).calibration()).isEqualTo(given);
  }

  @Test
  void anUncalibratedCameraInfoIsNotTakenForOne() throws Exception {
    RosCameraInfo zero =
        RosCameraInfo.of(header(0), WIDTH, HEIGHT, "plumb_bob", new double[5], 0, 0, 0, 0);
    Path path =
        bag(
            writer -> {
              write(writer, "/cam/camera_info", Ros1Type.CAMERA_INFO, zero.toBytes());
              write(writer, "/cam/image_raw", Ros1Type.IMAGE, grey(0));
            });
    assertThat(BagSource.open(path, RecordingOptions.defaults()).warnings().get(0))
        .contains("not calibrated", "assumed");
  }

  @Test
  void tooFewCoefficientsAreAnErrorThatSaysSo() throws Exception {
    Path path =
        bag(
            writer -> {
              byte[] info = info(0, WIDTH, new double[] {0.1, 0.2});
              write(writer, "/cam/camera_info", Ros1Type.CAMERA_INFO, info);
              write(writer, "/cam/image_raw", Ros1Type.IMAGE, grey(0));
            });
    assertThatThrownBy(() -> BagSource.open(path, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll(
            "sample.bag", "/cam/camera_info", "needs 4 or 5 coefficients, got 2", "--camera");
  }

  @Test
  void binningAndRegionOfInterestChangeTheCamera() {
    RosCameraInfo whole =
        RosCameraInfo.of(header(0), 640, 480, "plumb_bob", new double[5], 500, 510, 320, 240);
    RosCameraInfo part =
        new RosCameraInfo(
            whole.header(),
            whole.height(),
            whole.width(),
            whole.distortionModel(),
            whole.d(),
            whole.k(),
            whole.r(),
            whole.p(),
            2,
            2,
            new RosCameraInfo.Roi(20, 40, 400, 600, false));
    assertThat(part.model(false)).isEqualTo(new PinholeCamera(300, 200, 250, 255, 150, 100));
  }

  @Test
  void aBagWithoutPicturesSaysWhatItHas() throws Exception {
    Path path =
        bag(
            writer ->
                write(
                    writer,
                    "/cam/camera_info",
                    Ros1Type.CAMERA_INFO,
                    info(0, WIDTH, new double[5])));
    assertThatThrownBy(() -> BagSource.open(path, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("holds no pictures", "/camera_info (sensor_msgs/CameraInfo");
  }

  @Test
  void badPicturesAreRefusedOneByOneWithTheirTopic() throws Exception {
    Path path =
        bag(
            writer -> {
              int image = writer.addConnection("/cam/image", Ros1Type.COMPRESSED_IMAGE);
              byte[] whole = jpeg(1);
              RosCompressedImage good = RosCompressedImage.read(ByteBuffer.wrap(whole), "/t");
              byte[] half = Arrays.copyOf(good.data(), good.data().length / 2);
              writer.write(image, recorded(0), jpeg(0));
              writer.write(image, recorded(1), Arrays.copyOf(whole, 20));
              writer.write(
                  image,
                  recorded(2),
                  new RosCompressedImage(header(2), good.format(), half).toBytes());
              writer.write(
                  image,
                  recorded(3),
                  new RosPictures()
                      .jpegMessage(
                          new Picture(8, 8, Picture.Format.MONO8, new byte[64]), header(3), 90)
                      .toBytes());
              writer.write(image, recorded(4), jpeg(4));
            });
    List<SourceItem> items = all(BagSource.open(path, RecordingOptions.defaults()));
    assertThat(items).hasSize(5);
    assertThat(items.get(0)).isInstanceOf(SourceItem.Frame.class);
    assertThat(items.get(4)).isInstanceOf(SourceItem.Frame.class);
    assertThat(refusal(items.get(1))).contains("topic /cam/image", "cut short");
    assertThat(refusal(items.get(2))).contains("topic /cam/image", "JPEG cut short");
    assertThat(refusal(items.get(3))).contains("8x8", "16x12", "--camera");
    assertThat(items.get(2).stamp()).isEqualTo(taken(2));
  }

  @Test
  void depthIsPairedWithTheNearestPictureWithinHalfAFrame() throws Exception {
    Path path =
        bag(
            writer -> {
              int image = writer.addConnection("/cam/image_raw", Ros1Type.IMAGE);
              int depth = writer.addConnection("/depth/image_raw", Ros1Type.IMAGE);
              for (int i = 0; i < 6; i++) {
                writer.write(image, recorded(i), grey(i));
                if (i != 3) { // one depth picture is missing; all are published one frame late
                  writer.write(depth, recorded(i + 1), depth(i, 1f + i));
                }
              }
            });
    BagSource source = BagSource.open(path, RecordingOptions.defaults().withSensorDepth(true));
    List<SourceItem> items = all(source);
    for (int i = 0; i < 6; i++) {
      DepthMap depth = frame(items.get(i)).sensorDepth();
      if (i == 3) {
        assertThat(depth).isNull();
      } else {
        assertThat(depth.depthM()).containsOnly(1f + i);
      }
    }
    assertThat(source.warnings()).anyMatch(w -> w.contains("1 pictures have no depth picture"));
  }

  @Test
  void theTumBagPlaysInFullWithItsDepthAtTheUnitAskedFor() {
    RecordingOptions options =
        RecordingOptions.defaults()
            .withSensorDepth(true)
            .withDepthUnitsPerM(OptionalDouble.of(5000));
    BagSource source = BagSource.open(RealData.path(TUM), options);
    assertThat(source.frameCount()).hasValue(150);
    int withDepth = 0;
    Timestamp before = new Timestamp(0);
    for (SourceItem item = source.next(); item != null; item = source.next()) {
      CameraFrame frame = frame(item);
      assertThat(frame.stamp().isAfter(before)).isTrue();
      before = frame.stamp();
      assertThat(frame.picture().format()).isEqualTo(Picture.Format.BGR8);
      assertThat(frame.calibration().model().name()).isEqualTo("plumb_bob");
      if (frame.sensorDepth() != null) {
        withDepth++;
        assertThat(median(frame.sensorDepth())).isBetween(0.4f, 4f); // an office
      }
    }
    assertThat(withDepth).isGreaterThanOrEqualTo(148);
    assertThat(source.warnings()).noneMatch(w -> w.contains("millimetres"));
    BagSource unsaid =
        BagSource.open(RealData.path(TUM), RecordingOptions.defaults().withSensorDepth(true));
    assertThat(unsaid.warnings()).anyMatch(w -> w.contains("--depth-units 5000"));
  }

  @Test
  void theRobotsBagWantsACameraNamedAndItsPicturesAreNotNoise() {
    for (String name : List.of("codecs_raw.bag", "codecs_compressed.bag")) {
      Path path = RealData.path("bags/" + name);
      String suffix = name.contains("raw") ? "" : "/compressed";
      assertThatThrownBy(() -> BagSource.open(path, RecordingOptions.defaults()))
          .hasMessageContainingAll("/spot/camera/hand_color/image", "--image TOPIC");
      for (String camera : List.of("frontleft", "hand_color", "hand_mono")) {
        String topic = "/spot/camera/" + camera + "/image" + suffix;
        List<SourceItem> items =
            all(BagSource.open(path, RecordingOptions.defaults().withImageTopic(topic)));
        assertThat(items).hasSize(1);
        Picture picture = frame(items.get(0)).picture();
        assertThat(roughness(picture)).as(topic).isLessThan(20);
        assertThat(contrast(picture)).as(topic).isGreaterThan(15);
      }
    }
  }

  @Test
  void rawAndCompressedPicturesAndDepthOfTheRobotAgree() {
    for (String camera : List.of("frontleft", "hand_color", "hand_mono")) {
      Picture raw = only("bags/codecs_raw.bag", "/spot/camera/" + camera + "/image");
      Picture jpeg =
          only("bags/codecs_compressed.bag", "/spot/camera/" + camera + "/image/compressed");
      assertThat(meanDifference(raw.data(), jpeg.data())).as(camera).isLessThan(6);
    }
    float[] raw = robotDepth("codecs_raw.bag");
    assertThat(robotDepth("codecs_compressed.bag")).isEqualTo(raw);
    assertThat(robotDepth("codecs_compressedDepth.bag")).isEqualTo(raw);
  }

  @Test
  void qoiIsRefusedByNameWithWhatIsUnderstood() {
    Path bag = RealData.path("bags/qoi_compressed.bag");
    assertThatThrownBy(() -> BagSource.open(bag, RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll(
            "qoi_compressed.bag", "/spot/camera/hand_color/image/qoi", "\"qoi; rgb8\"", "jpeg");
    assertThat(only("bags/qoi_raw.bag", null).width()).isEqualTo(640);
  }

  @Test
  void otherRealBagsArePlayedOrRefusedForWhatTheyAre() {
    Picture aruco = only("bags/ubi_aruco_images.bag", null);
    assertThat(aruco.width()).isEqualTo(1280);
    assertThat(roughness(aruco)).isLessThan(20);
    assertThatThrownBy(
            () ->
                Recordings.open(
                    RealData.path("bags/sail_run1_bz2_imu_gps_odom.bag"),
                    RecordingOptions.defaults()))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("holds no pictures", "/imu/data (sensor_msgs/Imu, 1603 messages)");
  }

  private float[] robotDepth(String bag) {
    BagReader reader = BagReader.open(RealData.path("bags/" + bag));
    BagImageTopic topic = new BagTopics(reader).depth(null);
    BagMessage message = reader.first(topic.name());
    try {
      return new BagPictures(topic).depth(message, 1000).depthM();
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private static Picture only(String bag, String topic) {
    List<SourceItem> items =
        all(BagSource.open(RealData.path(bag), RecordingOptions.defaults().withImageTopic(topic)));
    assertThat(items).hasSize(1);
    return frame(items.get(0)).picture();
  }

  private Path bag(Content content) throws Exception {
    Path path = folder.resolve("sample.bag");
    try (BagWriter writer = BagWriter.create(path, BagWriter.Compression.LZ4)) {
      content.write(writer);
    }
    return path;
  }

  private static void write(BagWriter writer, String topic, Ros1Type type, byte[] message)
      throws IOException {
    writer.write(writer.addConnection(topic, type), recorded(0), message);
  }

  private static Timestamp taken(int i) {
    return new Timestamp(1_000_000_000L + 33_000_000L * i);
  }

  private static Timestamp recorded(int i) {
    return new Timestamp(taken(i).nanos() + 5_000_000);
  }

  private static RosHeader header(int i) {
    return new RosHeader(i, taken(i), "cam");
  }

  private static byte[] info(int i, int width, double[] d) {
    return RosCameraInfo.of(header(i), width, HEIGHT, "plumb_bob", d, 20, 20, 7.5, 5.5).toBytes();
  }

  private static byte[] grey(int value) {
    return new RosPictures().message(plain(Picture.Format.MONO8, value), header(value)).toBytes();
  }

  private static byte[] jpeg(int value) {
    return new RosPictures()
        .jpegMessage(plain(Picture.Format.BGR8, value), header(value), 90)
        .toBytes();
  }

  private static byte[] depth(int i, float metres) {
    float[] depthM = new float[WIDTH * HEIGHT];
    Arrays.fill(depthM, metres);
    DepthMap map = new DepthMap(WIDTH, HEIGHT, depthM, depthM.clone());
    return new RosDepth().message(map, header(i)).toBytes();
  }

  private static Picture plain(Picture.Format format, int value) {
    byte[] data = new byte[WIDTH * HEIGHT * format.channels()];
    Arrays.fill(data, (byte) value);
    return new Picture(WIDTH, HEIGHT, format, data);
  }

  private static List<SourceItem> all(FrameSource source) {
    List<SourceItem> items = new ArrayList<>();
    for (SourceItem item = source.next(); item != null; item = source.next()) {
      items.add(item);
    }
    return items;
  }

  private static CameraFrame frame(SourceItem item) {
    assertThat(item).isInstanceOf(SourceItem.Frame.class);
    return ((SourceItem.Frame) item).frame();
  }

  private static String refusal(SourceItem item) {
    assertThat(item).isInstanceOf(SourceItem.Refused.class);
    return ((SourceItem.Refused) item).reason();
  }

  private static float median(DepthMap map) {
    float[] known = new float[map.depthM().length];
    int n = 0;
    for (float d : map.depthM()) {
      if (!Float.isNaN(d)) {
        known[n++] = d;
      }
    }
    Arrays.sort(known, 0, n);
    return known[n / 2];
  }

  /** Mean step between neighbours: small for a photograph, about 85 for noise. */
  private static double roughness(Picture picture) {
    int channels = picture.format().channels();
    long sum = 0;
    for (int i = channels; i < picture.data().length; i++) {
      sum += Math.abs((picture.data()[i] & 0xff) - (picture.data()[i - channels] & 0xff));
    }
    return sum / (double) picture.data().length;
  }

  private static double contrast(Picture picture) {
    double sum = 0;
    double squares = 0;
    for (byte b : picture.data()) {
      sum += b & 0xff;
      squares += (b & 0xff) * (double) (b & 0xff);
    }
    double mean = sum / picture.data().length;
    return Math.sqrt(squares / picture.data().length - mean * mean);
  }

  private static double meanDifference(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return sum / (double) a.length;
  }
}
