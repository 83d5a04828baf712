package dev.parallax.nodes.ros.doctor;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosCompressedImage;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.runtime.Finding;
import dev.parallax.perception.frame.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One image topic and the CameraInfo beside it, watched for a while. */
final class CameraCheck implements AutoCloseable {
  private static final List<String> RATE_PARAMETERS =
      List.of("framerate", "frame_rate", "fps", "rate");

  private final RosNode node;
  private final String topic;
  private final boolean compressed;
  private final String infoTopic;
  private final StampLog images = new StampLog();
  private final StampLog infos = new StampLog();
  private final List<RosSubscription> subscriptions = new ArrayList<>();
  private volatile @Nullable String encoding;
  private volatile @Nullable String broken;
  private volatile @Nullable RosCameraInfo info;
  private volatile int width;
  private volatile int height;

  CameraCheck(RosNode node, String topic, boolean compressed) {
    this.node = node;
    this.topic = topic;
    this.compressed = compressed;
    int transport = compressed ? topic.lastIndexOf('/') : topic.length();
    String base = topic.substring(0, transport);
    infoTopic = base.substring(0, base.lastIndexOf('/') + 1) + "camera_info";
    SubscribeOptions options = SubscribeOptions.defaults();
    Ros1Type type = compressed ? Ros1Type.COMPRESSED_IMAGE : Ros1Type.IMAGE;
    subscriptions.add(node.subscribe(topic, RosType.of(type), options, this::image));
    subscriptions.add(
        node.subscribe(infoTopic, RosType.of(Ros1Type.CAMERA_INFO), options, this::info));
  }

  private void image(RosDelivery delivery) {
    try {
      Timestamp stamp;
      if (compressed) {
        RosCompressedImage image = RosCompressedImage.read(delivery.message(), topic);
        stamp = image.header().stamp();
        encoding = image.format();
      } else {
        RosImage image = RosImage.read(delivery.message(), topic);
        stamp = image.header().stamp();
        encoding = image.encoding();
        width = image.width();
        height = image.height();
      }
      images.add(stamp, node.clock().now(), System.nanoTime());
    } catch (MessageFormatException e) {
      broken = e.getMessage();
    }
  }

  private void info(RosDelivery delivery) {
    try {
      RosCameraInfo message = RosCameraInfo.read(delivery.message(), infoTopic);
      info = message;
      infos.add(message.header().stamp(), node.clock().now(), System.nanoTime());
    } catch (MessageFormatException e) {
      broken = e.getMessage();
    }
  }

  /** What was seen, one line. */
  String summary() {
    return "%s: %s, %.1f a second".formatted(topic, encoding, images.rateHz());
  }

  /**
   * What is wrong.
   *
   * @param publishers nodes that publish the pictures
   */
  List<Finding> findings(List<String> publishers) {
    List<Finding> findings = new ArrayList<>();
    if (broken != null) {
      findings.add(Finding.error(topic, String.valueOf(broken), "mend the publisher"));
    }
    if (images.count() == 0) {
      findings.add(
          Finding.error(
              topic,
              publishers.isEmpty() ? "nobody publishes it" : "no message came",
              "start the driver, or look at the findings about " + publishers));
      return findings;
    }
    addEncoding(findings);
    findings.addAll(images.findings(topic, claimedHz(publishers)));
    if (!isDepth()) {
      addCameraInfo(findings);
    }
    return findings;
  }

  private boolean isDepth() {
    String known = String.valueOf(encoding);
    return compressed ? RosDepth.isCompressedDepth(known) : RosDepth.isDepth(known);
  }

  private void addEncoding(List<Finding> findings) {
    String known = String.valueOf(encoding);
    boolean understood =
        isDepth()
            || (compressed
                ? RosPictures.understandsCompressed(known)
                : RosPictures.understands(known));
    if (!understood) {
      findings.add(
          Finding.error(
              topic,
              "encoding \"%s\" is not understood".formatted(known),
              "set the driver to bgr8 or mono8, or use the topic's jpeg twin"));
    }
  }

  private void addCameraInfo(List<Finding> findings) {
    RosCameraInfo known = info;
    if (known == null) {
      findings.add(
          Finding.error(
              topic,
              "no CameraInfo comes on " + infoTopic,
              "calibrate with camera_calibration, or give --camera camera.yaml"));
      return;
    }
    if (known.isUncalibrated()) {
      findings.add(
          Finding.error(
              infoTopic,
              "says that the camera is not calibrated (K is zero)",
              "calibrate with camera_calibration, or give --camera camera.yaml"));
    } else {
      addModel(findings, known);
    }
    addSynchronisation(findings);
  }

  private void addModel(List<Finding> findings, RosCameraInfo known) {
    try {
      var model = known.model(false);
      if (width > 0 && (model.width() != width || model.height() != height)) {
        boolean turned = model.width() == height && model.height() == width;
        findings.add(
            Finding.error(
                infoTopic,
                "is for %dx%d but the pictures are %dx%d%s"
                    .formatted(
                        model.width(),
                        model.height(),
                        width,
                        height,
                        turned ? ": one of them is turned by 90 degrees" : ""),
                turned
                    ? "turn the pictures back in the driver, or calibrate them as they are published"
                    : "calibrate at the size that is published"));
      }
    } catch (IllegalArgumentException e) {
      findings.add(
          Finding.error(infoTopic, String.valueOf(e.getMessage()), "calibrate the camera again"));
    }
  }

  /**
   * Every picture has a CameraInfo of the same stamp, as image_transport's CameraPublisher sends.
   */
  private void addSynchronisation(List<Finding> findings) {
    List<Timestamp> infoStamps = infos.stamps();
    List<Timestamp> stamps = images.stamps();
    long matched = stamps.stream().filter(infoStamps::contains).count();
    if (!stamps.isEmpty() && matched < stamps.size() / 2) {
      findings.add(
          Finding.warning(
              infoTopic,
              "only %d of %d pictures have a CameraInfo of their stamp"
                  .formatted(matched, stamps.size()),
              "publish both with the same stamp"));
    }
  }

  /** The rate a driver's parameters ask for; NaN if there is no such parameter. */
  private double claimedHz(List<String> publishers) {
    for (String publisher : publishers) {
      for (String parameter : RATE_PARAMETERS) {
        if (node.parameter(publisher + "/" + parameter).orElse(null) instanceof Number rate) {
          return rate.doubleValue();
        }
      }
    }
    return Double.NaN;
  }

  @Override
  public void close() {
    subscriptions.forEach(RosSubscription::close);
  }
}
