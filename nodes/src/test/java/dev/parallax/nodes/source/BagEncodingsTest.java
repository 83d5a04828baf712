package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosMessage;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.nodes.source.mcap.McapWriter;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.proto.foxglove.CameraCalibration.Builder;
import dev.parallax.proto.foxglove.CompressedImage;
import dev.parallax.proto.foxglove.PoseInFrame;
import dev.parallax.proto.foxglove.RawImage;
import dev.parallax.sim.eval.GroundTruth;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same camera recorded as ROS 1, ROS 2 and Foxglove's Protobuf plays the same. */
class BagEncodingsTest {
  private static final int FRAMES = 4;
  private static final int WIDTH = 32;
  private static final int HEIGHT = 24;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ros1,false",
    "cdr,false",
    "protobuf,false",
    "ros1,true",
    "cdr,true",
    "protobuf,true"
  })
  void picturesCalibrationDepthAndTruthAreFoundInEveryEncoding(String encoding, boolean jpeg)
      throws Exception {
    Path path = folder.resolve("camera.mcap");
    try (BagOutput out = McapWriter.create(path, "", McapWriter.Compression.LZ4)) {
      write(out, encoding, jpeg);
    }
    RecordingOptions options = RecordingOptions.defaults().withSensorDepth(true);
    try (FrameSource source = Recordings.open(path, options)) {
      for (int i = 0; i < FRAMES; i++) {
        CameraFrame frame = ((SourceItem.Frame) source.next()).frame();
        assertThat(frame.stamp()).isEqualTo(stamp(i));
        assertThat(frame.calibration().origin()).isEqualTo(CameraCalibration.Origin.GIVEN);
        assertThat(frame.calibration().model().rectified().fx()).isEqualTo(30);
        assertThat(frame.picture().format()).isEqualTo(Picture.Format.MONO8);
        if (jpeg) {
          assertThat(frame.picture().width()).isEqualTo(WIDTH);
        } else {
          assertThat(frame.picture().data()).isEqualTo(picture(i).data());
        }
        assertThat(frame.sensorDepth().depthM()).isEqualTo(depth(i).depthM());
      }
      assertThat(source.next()).isNull();
      assertThat(source.warnings()).isEmpty();
    }
    GroundTruth truth = GroundTruths.open(path);
    assertThat(truth.poses()).hasSize(FRAMES);
    assertThat(truth.poses().get(2).T_world_cam().translation()).containsExactly(2, 0, 0);
  }

  @Test
  void aDamagedMessageIsRefusedAndTheRestPlays() throws Exception {
    Path path = folder.resolve("damaged.mcap");
    try (BagOutput out = McapWriter.create(path, "", McapWriter.Compression.NONE)) {
      int info = out.addChannel(channel("/cam/camera_info", "cdr", "sensor_msgs/msg/CameraInfo"));
      out.write(info, stamp(0), ByteBuffer.wrap(info().toCdr()));
      int images = out.addChannel(channel("/cam/image", "cdr", "sensor_msgs/msg/Image"));
      out.write(images, stamp(0), ByteBuffer.wrap(image(0).toCdr()));
      byte[] cut = Arrays.copyOf(image(1).toCdr(), 100);
      out.write(images, stamp(1), ByteBuffer.wrap(cut));
      out.write(images, stamp(2), ByteBuffer.wrap(image(2).toCdr()));
    }
    try (FrameSource source = Recordings.open(path, RecordingOptions.defaults())) {
      assertThat(source.next()).isInstanceOf(SourceItem.Frame.class);
      assertThat(source.next())
          .isInstanceOfSatisfying(
              SourceItem.Refused.class,
              refused ->
                  assertThat(refused.reason())
                      .contains("damaged.mcap", "/cam/image", "is cut short"));
      assertThat(source.next()).isInstanceOf(SourceItem.Frame.class);
      assertThat(source.next()).isNull();
    }
  }

  private static void write(BagOutput out, String encoding, boolean jpeg) throws IOException {
    int info = out.addChannel(channel("/cam/camera_info", encoding, Ros1Type.CAMERA_INFO));
    int images =
        out.addChannel(
            channel(
                jpeg ? "/cam/image/compressed" : "/cam/image",
                encoding,
                jpeg ? Ros1Type.COMPRESSED_IMAGE : Ros1Type.IMAGE));
    int depths = out.addChannel(channel("/cam/depth", encoding, Ros1Type.IMAGE));
    int poses = out.addChannel(channel("/ground_truth/pose", encoding, Ros1Type.POSE_STAMPED));
    for (int i = 0; i < FRAMES; i++) {
      Timestamp recorded = new Timestamp(stamp(i).nanos() + 700);
      RosCompressedImage compressed = new RosPictures().jpegMessage(picture(i), header(i), 90);
      out.write(info, recorded, bytes(info(), encoding));
      out.write(images, recorded, bytes(jpeg ? compressed : image(i), encoding));
      out.write(depths, recorded, bytes(new RosDepth().message(depth(i), header(i)), encoding));
      out.write(
          poses,
          recorded,
          bytes(new RosPoseStamped(header(i), Se3.ofTranslation(i, 0, 0)), encoding));
    }
  }

  private static ByteBuffer bytes(RosMessage message, String encoding) {
    return ByteBuffer.wrap(
        switch (encoding) {
          case "ros1" -> message.toBytes();
          case "cdr" -> message.toCdr();
          default -> protobuf(message).toByteArray();
        });
  }

  private static MessageLite protobuf(RosMessage message) {
    if (message.type() == Ros1Type.IMAGE) {
      RosImage image = imageOf(message);
      return RawImage.newBuilder()
          .setTimestamp(time(image.header()))
          .setWidth(image.width())
          .setHeight(image.height())
          .setEncoding(image.encoding())
          .setStep((int) image.step())
          .setData(ByteString.copyFrom(image.data()))
          .build();
    }
    if (message instanceof RosCompressedImage image) {
      return CompressedImage.newBuilder()
          .setTimestamp(time(image.header()))
          .setFormat("jpeg")
          .setData(ByteString.copyFrom(image.data()))
          .build();
    }
    if (message instanceof RosCameraInfo info) {
      Builder calibration =
          dev.parallax.proto.foxglove.CameraCalibration.newBuilder()
              .setTimestamp(time(info.header()))
              .setWidth(info.width())
              .setHeight(info.height())
              .setDistortionModel(info.distortionModel());
      Arrays.stream(info.d()).forEach(calibration::addD);
      Arrays.stream(info.k()).forEach(calibration::addK);
      Arrays.stream(info.r()).forEach(calibration::addR);
      Arrays.stream(info.p()).forEach(calibration::addP);
      return calibration.build();
    }
    RosPoseStamped pose = (RosPoseStamped) message;
    PoseInFrame.Builder out = PoseInFrame.newBuilder().setTimestamp(time(pose.header()));
    out.getPoseBuilder().getPositionBuilder().setX(pose.T_parent_child().translation()[0]);
    out.getPoseBuilder().getOrientationBuilder().setW(1);
    return out.build();
  }

  /** Pictures and depth are written by different classes. */
  private static RosImage imageOf(RosMessage message) {
    try {
      return RosImage.read(ByteBuffer.wrap(message.toBytes()), "a test's");
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private static com.google.protobuf.Timestamp time(RosHeader header) {
    return com.google.protobuf.Timestamp.newBuilder()
        .setSeconds(header.stamp().nanos() / 1_000_000_000L)
        .setNanos((int) (header.stamp().nanos() % 1_000_000_000L))
        .build();
  }

  private static BagChannel channel(String topic, String encoding, Ros1Type type) {
    return channel(
        topic,
        encoding,
        switch (encoding) {
          case "ros1" -> type.typeName();
          case "cdr" -> type.ros2TypeName();
          default ->
              switch (type) {
                case IMAGE -> "foxglove.RawImage";
                case COMPRESSED_IMAGE -> "foxglove.CompressedImage";
                case CAMERA_INFO -> "foxglove.CameraCalibration";
                default -> "foxglove.PoseInFrame";
              };
        });
  }

  private static BagChannel channel(String topic, String encoding, String type) {
    assertThat(new MessageDecoder(encoding, type, topic).rosType()).isNotNull();
    return new BagChannel(
        0, topic, encoding, new BagChannel.Schema(type, "", new byte[0]), Map.of());
  }

  private static RosHeader header(int i) {
    return new RosHeader(i, stamp(i), "cam");
  }

  private static Timestamp stamp(int i) {
    return new Timestamp(1_700_000_000_000_000_000L + 33_000_000L * i);
  }

  private static Picture picture(int i) {
    byte[] pixels = new byte[WIDTH * HEIGHT];
    new Random(i).nextBytes(pixels);
    return new Picture(WIDTH, HEIGHT, Picture.Format.MONO8, pixels);
  }

  private static RosImage image(int i) {
    return new RosPictures().message(picture(i), header(i));
  }

  private static DepthMap depth(int i) {
    float[] depthM = new float[WIDTH * HEIGHT];
    float[] stdM = new float[depthM.length];
    Arrays.fill(depthM, 1 + i);
    Arrays.fill(stdM, Float.NaN);
    return new DepthMap(WIDTH, HEIGHT, depthM, stdM);
  }

  private static RosCameraInfo info() {
    return RosCameraInfo.of(header(0), WIDTH, HEIGHT, "plumb_bob", new double[5], 30, 30, 16, 12);
  }
}
