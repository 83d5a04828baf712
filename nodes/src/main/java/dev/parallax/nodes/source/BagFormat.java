package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.nodes.source.bag.BagWriter;
import dev.parallax.nodes.source.mcap.McapWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A file format that recordings of messages can be written in. */
public enum BagFormat {
  ROS1_BAG("bag"),
  MCAP("mcap");

  /** How the messages are stored. */
  public enum Compression {
    NONE,
    LZ4,
    ZSTD
  }

  private final String extension;

  BagFormat(String extension) {
    this.extension = extension;
  }

  /** By the file's extension; empty if there is no such format. */
  public static Optional<BagFormat> of(Path path) {
    String extension = Recordings.extension(path);
    for (BagFormat format : values()) {
      if (format.extension.equals(extension)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /**
   * Starts a recording, replacing a file of that name.
   *
   * @param channels what will be in it
   * @throws SourceException if the format has no such compression
   */
  public BagOutput create(Path path, Compression compression, Collection<BagChannel> channels)
      throws IOException {
    if (this == MCAP) {
      return McapWriter.create(
          path, profile(channels), McapWriter.Compression.valueOf(compression.name()));
    }
    if (compression == Compression.ZSTD) {
      throw new SourceException(path + ": a ROS 1 bag has no zstd; take lz4 or none");
    }
    return BagWriter.create(path, BagWriter.Compression.valueOf(compression.name()));
  }

  /** Starts a recording of ROS 1 messages, compressed with lz4, replacing a file of that name. */
  public BagOutput createRos1(Path path) throws IOException {
    return this == MCAP
        ? McapWriter.create(path, MessageDecoder.ROS1, McapWriter.Compression.LZ4)
        : BagWriter.create(path, BagWriter.Compression.LZ4);
  }

  /** The MCAP profile that all channels keep to; empty where there is none. */
  private static String profile(Collection<BagChannel> channels) {
    Set<String> encodings =
        channels.stream()
            .map(channel -> channel.encoding().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return encodings.equals(Set.of(MessageDecoder.ROS1))
        ? "ros1"
        : encodings.equals(Set.of(MessageDecoder.CDR)) ? "ros2" : "";
  }
}
