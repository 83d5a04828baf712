package dev.parallax.nodes.source.bag;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A recording of messages by topic, whatever its file format. Messages are as they were recorded,
 * not decoded. Damage costs the messages it hit and a warning, never the rest. One thread at a
 * time.
 */
public interface Bag extends AutoCloseable {
  Path path();

  /** The file format and its version, for people: {@code ROS 1 bag 2.0}. */
  String format();

  Collection<BagChannel> channels();

  /** The messages of the channels chosen, in the order of record time. */
  Iterator<BagMessage> messages(Predicate<BagChannel> chosen);

  /** All messages of the named topics in the order of record time. */
  default Iterator<BagMessage> messages(Set<String> topics) {
    return messages(channel -> topics.contains(channel.topic()));
  }

  /** The first message of a topic by record time, or null. */
  default @Nullable BagMessage first(String topic) {
    Iterator<BagMessage> messages = messages(Set.of(topic));
    return messages.hasNext() ? messages.next() : null;
  }

  /** Topics, types, counts and rates, from the index where there is one. */
  BagSummary summary();

  /** What was repaired or lost so far, for people. */
  List<String> warnings();

  @Override
  void close();
}
