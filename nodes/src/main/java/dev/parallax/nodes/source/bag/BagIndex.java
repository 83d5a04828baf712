package dev.parallax.nodes.source.bag;

import java.util.List;
import java.util.Map;

/**
 * What is where in a bag: its channels by number and its chunks in the order of the file.
 *
 * @param warnings what was repaired or lost, for people
 */
public record BagIndex(
    Map<Integer, BagChannel> channels, List<BagChunk> chunks, List<String> warnings) {
  public BagIndex {
    channels = Map.copyOf(channels);
    chunks = List.copyOf(chunks);
    warnings = List.copyOf(warnings);
  }
}
