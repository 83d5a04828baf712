package dev.parallax.nodes.source;

import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which topics of a bag to play: those named, else the only ones that can be meant. */
final class BagTopics {
  private final Bag bag;
  private final List<BagImageTopic> images = new ArrayList<>();

  BagTopics(Bag bag) {
    this.bag = bag;
    for (BagSummary.Topic topic : bag.summary().topics()) {
      BagImageTopic image = BagImageTopic.of(bag, topic);
      if (image != null) {
        images.add(image);
      }
    }
  }

  /**
   * The topic with the pictures.
   *
   * @param named by the user, or null
   * @throws SourceException if there is none, or several cameras and none named
   */
  BagImageTopic picture(@Nullable String named) {
    if (named != null) {
      return named(named, BagImageTopic.Kind.PICTURE, "--image");
    }
    List<BagImageTopic> pictures = of(BagImageTopic.Kind.PICTURE);
    if (pictures.isEmpty()) {
      throw new SourceException(withoutPictures());
    }
    return onlyCamera(pictures, "cameras", "--image");
  }

  /**
   * The topic with the depth, or null where the bag has none.
   *
   * @param named by the user, or null
   * @throws SourceException if the topic named is no depth, or there are several and none named
   */
  @Nullable BagImageTopic depth(@Nullable String named) {
    if (named != null) {
      return named(named, BagImageTopic.Kind.DEPTH, "--depth-topic");
    }
    List<BagImageTopic> depths = of(BagImageTopic.Kind.DEPTH);
    return depths.isEmpty() ? null : onlyCamera(depths, "depth sensors", "--depth-topic");
  }

  private List<BagImageTopic> of(BagImageTopic.Kind kind) {
    return images.stream().filter(image -> image.kind() == kind).toList();
  }

  private BagImageTopic named(String name, BagImageTopic.Kind kind, String flag) {
    List<BagImageTopic> matches =
        images.stream()
            .filter(image -> image.name().equals(name) || image.baseName().equals(name))
            .sorted(Comparator.comparing((BagImageTopic image) -> !image.name().equals(name)))
            .toList();
    for (BagImageTopic match : matches) {
      if (match.kind() == kind) {
        return match;
      }
    }
    String wanted = kind == BagImageTopic.Kind.DEPTH ? "depth" : "pictures that can be read";
    String problem =
        matches.isEmpty()
            ? "has no image topic " + name
            : "topic %s does not hold %s".formatted(matches.get(0).describe(), wanted);
    throw new SourceException(
        "%s: %s; name another with %s: %s".formatted(bag.path(), problem, flag, list(images)));
  }

  /** The best of the topics if they all show one camera. */
  private BagImageTopic onlyCamera(List<BagImageTopic> candidates, String what, String flag) {
    Map<String, BagImageTopic> best = new LinkedHashMap<>();
    for (BagImageTopic image : candidates) {
      best.merge(image.cameraKey(), image, (a, b) -> b.preference() > a.preference() ? b : a);
    }
    if (best.size() > 1) {
      throw new SourceException(
          "%s: has several %s; name one with %s TOPIC: %s"
              .formatted(bag.path(), what, flag, list(candidates)));
    }
    return best.values().iterator().next();
  }

  private String withoutPictures() {
    List<BagImageTopic> strange = of(BagImageTopic.Kind.NOT_UNDERSTOOD);
    if (!strange.isEmpty()) {
      return ("%s: no picture can be read: %s; understood are raw pictures (mono8, rgb8, bgr8,"
              + " bayer, yuv422 and others), jpeg and png. Record one of these")
          .formatted(bag.path(), list(strange));
    }
    String held =
        bag.summary().topics().stream()
            .map(BagSummary.Topic::describe)
            .collect(Collectors.joining(", "));
    return "%s: holds no pictures; record a camera topic too. It holds: %s"
        .formatted(bag.path(), held.isEmpty() ? "nothing" : held);
  }

  private static String list(List<BagImageTopic> topics) {
    return topics.isEmpty()
        ? "(none)"
        : topics.stream().map(BagImageTopic::describe).collect(Collectors.joining(", "));
  }
}
