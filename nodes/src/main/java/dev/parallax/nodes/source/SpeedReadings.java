package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.RosSpeed;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The speed of a recording's camera, as its carrier measured it: from a topic of a bag, or from a
 * text file with a line a reading, {@code stamp m/s} and, where known, its std.
 *
 * @param name where it is from, for messages
 * @param warnings what a person should know
 */
record SpeedReadings(String name, SpeedLog log, List<String> warnings) {
  /** The file that a folder's speeds are in. */
  static final String FILE = "speed.txt";

  private static final BagSensorTopic TOPIC =
      new BagSensorTopic(
          RosSpeed.TYPES::contains,
          "speed",
          "tells a speed",
          "tells one",
          "tell one",
          "nav_msgs/Odometry, geometry_msgs/TwistStamped or Twist",
          "--speed");

  SpeedReadings {
    warnings = List.copyOf(warnings);
  }

  /**
   * @param named a topic or a file; empty to find it
   * @throws SourceException if there is none, or several and none named
   */
  static SpeedReadings of(Path recording, String named) {
    Path file = named.isEmpty() ? recording.resolve(FILE) : Path.of(named);
    if (Files.isRegularFile(file)) {
      return ofFile(file);
    }
    if (Bags.isBag(recording)) {
      try (Bag bag = Bags.open(recording)) {
        return ofBag(bag, named);
      }
    }
    throw new SourceException(
        "%s: speed was asked for, but there is no file %s; give one with --speed FILE, a line a reading: stamp, metres a second"
            .formatted(recording, file));
  }

  private static SpeedReadings ofFile(Path file) {
    SpeedLog log = new SpeedLog(Integer.MAX_VALUE);
    List<String> lines = FolderFiles.lines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).trim();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("[\\s,]+", 2);
      Timestamp stamp = FolderFiles.stamp(file, i + 1, fields[0]);
      String rest = fields.length < 2 ? "" : fields[1];
      int values = rest.split("[\\s,]+").length;
      double[] v = FolderFiles.numbers(file, i + 1, rest, values == 2 ? 2 : 1);
      log.add(stamp, v[0], v.length == 2 ? v[1] : Double.NaN);
    }
    return new SpeedReadings(file.toString(), log, oddities(file.toString(), log, null, 0));
  }

  private static SpeedReadings ofBag(Bag bag, String named) {
    String topic = TOPIC.in(bag, named);
    String name = "%s %s".formatted(bag.path(), topic);
    SpeedLog log = new SpeedLog(Integer.MAX_VALUE);
    MessageFormatException first = null;
    long lost = 0;
    Iterator<BagMessage> messages = bag.messages(Set.of(topic));
    while (messages.hasNext()) {
      BagMessage message = messages.next();
      try {
        RosSpeed speed = message.channel().decoder().speed(message.data());
        Timestamp stamp = speed.stamp();
        log.add(stamp == null ? message.recordTime() : stamp, speed.speedMps(), speed.stdMps());
      } catch (MessageFormatException e) {
        first = lost++ == 0 ? e : first;
      }
    }
    return new SpeedReadings(name, log, oddities(name, log, first, lost));
  }

  private static List<String> oddities(
      String name, SpeedLog log, @Nullable MessageFormatException first, long lost) {
    List<String> odd = new ArrayList<>();
    if (first != null) {
      odd.add(
          "%s: %d speeds could not be read; the first: %s"
              .formatted(name, lost, first.getMessage()));
    }
    if (log.outOfOrder() > 0) {
      odd.add(
          "%s: %d speeds are not after the one before and were left out"
              .formatted(name, log.outOfOrder()));
    }
    if (log.size() == 0) {
      odd.add("%s: holds no speed; lengths stay relative".formatted(name));
    } else if (log.isAlwaysZero()) {
      odd.add(
          "%s: every speed is zero; lengths stay relative. If the robot moved, its driver does not fill in the twist: name another topic with --speed"
              .formatted(name));
    }
    return odd;
  }
}
