package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagSummary;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which topic of a bag has the readings of a sensor beside the camera: the one that is named, else
 * the only one that can be meant. All but the types are words for a complaint.
 *
 * @param asked what was asked for: {@code speed}
 * @param holds what a topic of it does: {@code tells a speed}
 * @param oneHolds of no topic: {@code tells one}
 * @param severalHold of several: {@code tell one}
 * @param kinds the messages that have it, for a person
 * @param option what names another
 */
record BagSensorTopic(
    Predicate<Ros1Type> types,
    String asked,
    String holds,
    String oneHolds,
    String severalHold,
    String kinds,
    String option) {
  /**
   * @param named by the user; empty to find it
   * @throws SourceException if there is none, or several and none named
   */
  String in(Bag bag, String named) {
    List<BagSummary.Topic> fitting =
        bag.summary().topics().stream()
            .filter(topic -> topic.decoder().rosType() != null)
            .filter(topic -> types.test(topic.decoder().rosType()))
            .sorted(Comparator.comparing(BagSummary.Topic::name))
            .toList();
    String held =
        fitting.stream().map(BagSummary.Topic::describe).collect(Collectors.joining(", "));
    if (!named.isEmpty()) {
      if (fitting.stream().noneMatch(topic -> topic.name().equals(named))) {
        throw new SourceException(
            "%s: no topic %s %s and there is no such file; name another with %s: %s"
                .formatted(bag.path(), named, holds, option, held.isEmpty() ? "(none)" : held));
      }
      return named;
    }
    if (fitting.size() != 1) {
      String found =
          fitting.isEmpty() ? "no topic " + oneHolds : "several topics %s: ".formatted(severalHold);
      throw new SourceException(
          "%s: %s was asked for, but %s; name a topic (%s) or a file with %s"
              .formatted(bag.path(), asked, found + held, kinds, option));
    }
    return fitting.get(0).name();
  }
}
