package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of one ROS camera as they come. A link's thread takes each message apart, which
 * copies its pixels once; they are decoded by whoever calls {@link #next}. If that is slower than
 * the camera, the oldest waiting picture is given up, and accounted for.
 */
public final class RosCameraSource implements FrameSource {
  private static final int WAITING = 8;

  /** A stamp this much before the last is time that began anew, not disorder on the way. */
  private static final long JUMP_BACK_NS = 1_000_000_000L;

  /** A picture as it came; one of the two is there, or neither if it could not be taken apart. */
  private record Arrived(
      RosHeader header,
      @Nullable RosImage raw,
      @Nullable RosCompressedImage compressed,
      @Nullable String refusal) {}

  private final RosCameraConfig config;
  private final RosNode node;
  private final LongConsumer timeBeganAnew;
  private final CameraId camera;
  private final RosPictures pictures = new RosPictures();
  private final LiveCalibration calibration;
  private final @Nullable DepthInbox depth;
  private final @Nullable SpeedInbox speed;
  private final @Nullable ImuInbox imu;
  private final List<SensorInbox> inboxes;
  private final List<RosSubscription> subscriptions = new ArrayList<>();
  private final List<String> warnings = new CopyOnWriteArrayList<>();
  private final Deque<Arrived> waiting = new ArrayDeque<>();
  private final PauseControl pause;
  private boolean released;
  private long sequence;
  private long lastNs = Long.MIN_VALUE;
  private boolean stampsMissing;
  private volatile String frameId = "";

  /**
   * Begins to listen.
   *
   * @param transforms where the inertial sensor sits, T_target_source of two frames
   * @param timeBeganAnew told, when stamps jump back, the sequence number of the first such frame
   *     before it is delivered
   */
  public RosCameraSource(
      RosCameraConfig config,
      RosNode node,
      PauseControl pause,
      BiFunction<String, String, Optional<Se3>> transforms,
      LongConsumer timeBeganAnew) {
    this.config = config;
    this.node = node;
    this.pause = pause;
    this.timeBeganAnew = timeBeganAnew;
    camera = new CameraId(config.name());
    calibration =
        new LiveCalibration(
            node.resolve(config.cameraInfoTopic()),
            config.isRectified(),
            config.calibration(),
            warnings::add);
    depth =
        config.depthTopic() == null
            ? null
            : new DepthInbox(node.resolve(config.depthTopic()), config.depthUnitsPerM());
    speed =
        config.speedTopic() == null
            ? null
            : new SpeedInbox(node.resolve(config.speedTopic()), node.clock()::now);
    RosCameraConfig.Imu sensor = config.imu();
    imu =
        sensor == null
            ? null
            : new ImuInbox(
                node.resolve(sensor.topic()), sensor.T_cam_imu(), transforms, node.clock()::now);
    inboxes = present(depth, speed, imu);
    subscribe();
  }

  private static List<SensorInbox> present(@Nullable SensorInbox... wanted) {
    List<SensorInbox> present = new ArrayList<>();
    for (SensorInbox inbox : wanted) {
      if (inbox != null) {
        present.add(inbox);
      }
    }
    return List.copyOf(present);
  }

  private void subscribe() {
    SubscribeOptions options = SubscribeOptions.defaults();
    if (config.calibration() == null) {
      subscriptions.add(
          node.subscribe(
              config.cameraInfoTopic(),
              RosType.of(Ros1Type.CAMERA_INFO),
              options,
              calibration::accept));
    }
    for (SensorInbox inbox : inboxes) {
      subscriptions.add(node.subscribe(inbox.topic(), inbox.type(), options, inbox::accept));
    }
    Ros1Type type = config.isCompressed() ? Ros1Type.COMPRESSED_IMAGE : Ros1Type.IMAGE;
    subscriptions.add(node.subscribe(config.imageTopic(), RosType.of(type), options, this::accept));
  }

  @Override
  public String name() {
    return "ROS " + node.resolve(config.imageTopic());
  }

  /** The frame the pictures are in; empty before the first. Any thread. */
  public String frameId() {
    return frameId;
  }

  /** What is wrong with the topics at present, a line each. Any thread. */
  public List<String> troubles() {
    return subscriptions.stream().flatMap(s -> s.troubles().stream()).toList();
  }

  @Override
  public OptionalLong frameCount() {
    return OptionalLong.empty();
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public @Nullable SourceItem next() {
    try {
      Arrived arrived = take();
      return arrived == null ? null : item(arrived);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Ends the source: what waits is still delivered. Any thread. */
  public synchronized void release() {
    released = true;
    notifyAll();
  }

  @Override
  public void close() {
    release();
    subscriptions.forEach(RosSubscription::close);
  }

  private void accept(RosDelivery delivery) {
    String topic = node.resolve(config.imageTopic());
    Arrived arrived;
    try {
      if (config.isCompressed()) {
        RosCompressedImage image = RosCompressedImage.read(delivery.message(), topic);
        arrived = new Arrived(image.header(), null, image, null);
      } else {
        RosImage image = RosImage.read(delivery.message(), topic);
        arrived = new Arrived(image.header(), image, null, null);
      }
    } catch (MessageFormatException e) {
      RosHeader unknown = new RosHeader(0, node.clock().now(), "");
      arrived = new Arrived(unknown, null, null, e.getMessage());
    }
    put(arrived);
  }

  private synchronized void put(Arrived arrived) {
    if (waiting.size() >= WAITING) {
      giveUpOldest();
    }
    waiting.addLast(arrived);
    notifyAll();
  }

  /** Keeps the place of the picture but not the picture, so that it is accounted for. */
  private void giveUpOldest() {
    Deque<Arrived> passed = new ArrayDeque<>();
    while (!waiting.isEmpty() && waiting.getFirst().refusal != null) {
      passed.addLast(waiting.removeFirst());
    }
    if (!waiting.isEmpty()) {
      Arrived oldest = waiting.removeFirst();
      passed.addLast(
          new Arrived(oldest.header, null, null, "newer pictures came before it was decoded"));
    }
    while (!passed.isEmpty()) {
      waiting.addFirst(passed.removeLast());
    }
  }

  private synchronized @Nullable Arrived take() throws InterruptedException {
    while (waiting.isEmpty() && !released) {
      wait();
    }
    return waiting.pollFirst();
  }

  private SourceItem item(Arrived arrived) throws InterruptedException {
    FrameId id = new FrameId(camera, sequence++);
    Timestamp stamp = stamp(arrived.header);
    if (arrived.refusal != null) {
      return new SourceItem.Refused(id, stamp, arrived.refusal);
    }
    if (!pause.admits()) {
      return new SourceItem.Refused(id, stamp, "paused");
    }
    noticeJumpBack(id, stamp);
    frameId = arrived.header.frameId();
    try {
      Picture picture = picture(arrived);
      CameraCalibration known = calibration.of(picture);
      if (picture.width() != known.model().width() || picture.height() != known.model().height()) {
        return new SourceItem.Refused(id, stamp, wrongSize(picture, known));
      }
      var map = depth == null ? null : depth.nearest(stamp);
      tellLosses();
      var driven = speed == null ? null : speed.at(stamp);
      var inertial = imu == null ? null : imu.before(stamp, frameId);
      return new SourceItem.Frame(
          new CameraFrame(id, stamp, known, picture, map, driven, inertial));
    } catch (MessageFormatException e) {
      return new SourceItem.Refused(id, stamp, String.valueOf(e.getMessage()));
    }
  }

  private Timestamp stamp(RosHeader header) {
    if (header.stamp().nanos() != 0) {
      return header.stamp();
    }
    if (!stampsMissing) {
      stampsMissing = true;
      warnings.add(
          "topic %s: stamps are zero; the time of arrival is used, which is less exact. Let the driver stamp its pictures"
              .formatted(node.resolve(config.imageTopic())));
    }
    return node.clock().now();
  }

  private void noticeJumpBack(FrameId id, Timestamp stamp) {
    if (lastNs != Long.MIN_VALUE && stamp.nanos() < lastNs - JUMP_BACK_NS) {
      warnings.add(
          "topic %s: time went back by %.1f s; path, model and map begin anew"
              .formatted(node.resolve(config.imageTopic()), (lastNs - stamp.nanos()) / 1e9));
      timeBeganAnew.accept(id.sequence());
      inboxes.forEach(SensorInbox::forget);
    }
    lastNs = stamp.nanos();
  }

  private Picture picture(Arrived arrived) throws MessageFormatException {
    String topic = node.resolve(config.imageTopic());
    if (arrived.raw != null) {
      return pictures.picture(arrived.raw, topic);
    }
    if (arrived.compressed != null) {
      return pictures.picture(arrived.compressed, topic);
    }
    throw new IllegalStateException("A picture that was not refused has its bytes");
  }

  private void tellLosses() {
    for (SensorInbox inbox : inboxes) {
      String loss = inbox.untoldLoss();
      if (loss != null) {
        warnings.add(loss);
      }
    }
  }

  private String wrongSize(Picture picture, CameraCalibration known) {
    return "topic %s: picture is %dx%d but its calibration is for %dx%d; give the right one with --camera"
        .formatted(
            node.resolve(config.imageTopic()),
            picture.width(),
            picture.height(),
            known.model().width(),
            known.model().height());
  }
}
