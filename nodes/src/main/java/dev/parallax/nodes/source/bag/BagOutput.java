package dev.parallax.nodes.source.bag;

import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A recording of messages being written. One thread. */
public interface BagOutput extends AutoCloseable {
  /**
   * Announces a channel.
   *
   * @param channel its id is not kept
   * @return the channel's number, for {@link #write}
   * @throws IllegalArgumentException if the file format cannot hold such messages
   */
  int addChannel(BagChannel channel) throws IOException;

  /**
   * Writes one message.
   *
   * @param time when it was recorded, from the Unix epoch, not negative; need not be in order
   * @param message as serialised, from its position to its limit; neither is changed
   */
  void write(int channel, Timestamp time, ByteBuffer message) throws IOException;

  /** Writes what is left and the index. */
  @Override
  void close() throws IOException;
}
