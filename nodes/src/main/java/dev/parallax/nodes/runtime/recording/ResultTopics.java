package dev.parallax.nodes.runtime.recording;

import dev.parallax.nodes.codec.RosMessage;
import dev.parallax.nodes.runtime.files.OutputException;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The topics of a recording being written, each announced with its first message. One thread. */
final class ResultTopics implements AutoCloseable {
  private final Path path;
  private final BagOutput output;
  private final Map<String, Integer> channels = new HashMap<>();

  /**
   * @param path for error messages
   */
  ResultTopics(Path path, BagOutput output) {
    this.path = path;
    this.output = output;
  }

  /**
   * @throws OutputException if it cannot be written
   */
  void write(String topic, Timestamp time, RosMessage message) {
    try {
      Integer channel = channels.get(topic);
      if (channel == null) {
        channel = output.addChannel(BagChannel.of(topic, message.type()));
        channels.put(topic, channel);
      }
      output.write(channel, time, message.toBuffer());
    } catch (IOException e) {
      throw new OutputException(path, e);
    }
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException e) {
      throw new OutputException(path, e);
    }
  }
}
