package dev.parallax.nodes.source.rosbag2;

import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A recording that was split into several files, one after the other in time, as one. Channels of
 * the same topic and type are one channel. One thread at a time.
 */
public final class JoinedBag implements Bag {
  private record Stream(String topic, String type, String encoding) {}

  private final Path folder;
  private final List<Bag> parts;
  private final List<String> warnings;
  private final Map<Stream, BagChannel> channels = new LinkedHashMap<>();

  /**
   * @param parts owned from now on
   * @param warnings of what could not be opened
   */
  public JoinedBag(Path folder, List<Bag> parts, List<String> warnings) {
    this.folder = folder;
    this.parts =
        parts.stream().sorted(Comparator.comparing(part -> part.summary().start())).toList();
    this.warnings = List.copyOf(warnings);
    for (Bag part : this.parts) {
      for (BagChannel channel : part.channels()) {
        channels.putIfAbsent(stream(channel), numbered(channel, channels.size() + 1));
      }
    }
  }

  private static Stream stream(BagChannel channel) {
    return new Stream(channel.topic(), channel.type(), channel.encoding());
  }

  private static BagChannel numbered(BagChannel channel, int id) {
    return new BagChannel(
        id, channel.topic(), channel.encoding(), channel.schema(), channel.metadata());
  }

  private BagChannel joined(BagChannel ofPart) {
    BagChannel joined = channels.get(stream(ofPart));
    return joined == null ? ofPart : joined;
  }

  @Override
  public Path path() {
    return folder;
  }

  @Override
  public String format() {
    return "rosbag2 folder of %d file%s (%s)"
        .formatted(parts.size(), parts.size() == 1 ? "" : "s", parts.get(0).format());
  }

  @Override
  public Collection<BagChannel> channels() {
    return channels.values();
  }

  @Override
  public Iterator<BagMessage> messages(Predicate<BagChannel> chosen) {
    return new Joined(chosen);
  }

  @Override
  public BagSummary summary() {
    BagSummary.Builder summary = new BagSummary.Builder(channels.values());
    for (Bag part : parts) {
      BagSummary ofPart = part.summary();
      Map<Integer, Long> counts = new HashMap<>();
      for (BagSummary.Topic topic : ofPart.topics()) {
        BagChannel channel = channels.get(new Stream(topic.name(), topic.type(), topic.encoding()));
        if (channel != null) {
          counts.merge(channel.id(), topic.count(), Long::sum);
        }
      }
      if (ofPart.messageCount() > 0) {
        summary.addMessages(ofPart.start().nanos(), ofPart.end().nanos(), counts);
      }
    }
    return summary.build();
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(warnings);
    parts.forEach(part -> all.addAll(part.warnings()));
    return all;
  }

  @Override
  public void close() {
    parts.forEach(Bag::close);
  }

  private final class Joined implements Iterator<BagMessage> {
    private final Predicate<BagChannel> chosen;
    private final Iterator<Bag> left = parts.iterator();
    private @Nullable Iterator<BagMessage> current;

    Joined(Predicate<BagChannel> chosen) {
      this.chosen = chosen;
    }

    @Override
    public boolean hasNext() {
      while ((current == null || !current.hasNext()) && left.hasNext()) {
        current = left.next().messages(channel -> chosen.test(joined(channel)));
      }
      return current != null && current.hasNext();
    }

    @Override
    public BagMessage next() {
      if (!hasNext() || current == null) {
        throw new NoSuchElementException();
      }
      BagMessage message = current.next();
      return new BagMessage(joined(message.channel()), message.recordTime(), message.data());
    }
  }
}
