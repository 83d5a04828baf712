package dev.parallax.nodes.source.bag;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Function;

/**
 * Times reading every message of a bag, each byte once, beside reading the file's bytes as they
 * lie, the two taking turns so that a busy machine slows both alike. One thread.
 */
public final class ReadTrial {
  /**
   * The fastest of the rounds.
   *
   * @param messageBytes in all messages together
   * @param bagBytesPerSecond message bytes, from opening the bag to the last message
   * @param plainBytesPerSecond file bytes, from mapping the file to its last byte
   */
  public record Result(
      long messages, long messageBytes, double bagBytesPerSecond, double plainBytesPerSecond) {}

  private final Function<Path, Bag> opener;
  private final int rounds;
  private long checksum;

  /**
   * @param opener opens the bag anew for each round
   */
  public ReadTrial(Function<Path, Bag> opener, int rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("At least one round is needed, got " + rounds);
    }
    this.opener = opener;
    this.rounds = rounds;
  }

  /** Reads the file both ways, once to warm up and then for each round. */
  public Result run(Path path) throws IOException {
    opener.apply(path).close(); // says what is wrong with a file that is none
    long messages = 0;
    long bytes = 0;
    double bag = 0;
    double plain = 0;
    for (int round = 0; round <= rounds; round++) {
      long startNs = System.nanoTime();
      long fileBytes = readPlainly(path);
      double plainS = (System.nanoTime() - startNs) / 1e9;
      startNs = System.nanoTime();
      messages = 0;
      bytes = 0;
      try (Bag opened = opener.apply(path)) {
        for (Iterator<BagMessage> all = opened.messages(c -> true); all.hasNext(); messages++) {
          ByteBuffer data = all.next().data();
          bytes += data.remaining();
          addUp(data);
        }
      }
      double bagS = (System.nanoTime() - startNs) / 1e9;
      if (round > 0) {
        plain = Math.max(plain, fileBytes / plainS);
        bag = Math.max(bag, bytes / bagS);
      }
    }
    return new Result(messages, bytes, bag, plain);
  }

  /** Whatever the bytes add up to: keeps the compiler from leaving the reading out. */
  public long checksum() {
    return checksum;
  }

  private long readPlainly(Path path) throws IOException {
    MappedFile file = MappedFile.open(path);
    long stride = MappedFile.SLICE_LIMIT_BYTES / 2;
    for (long from = 0; from < file.size(); from += stride) {
      addUp(file.slice(from, stride));
    }
    return file.size();
  }

  private void addUp(ByteBuffer data) {
    int at = data.position();
    int end = data.limit();
    long sum = 0;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      sum += data.getLong(at);
    }
    for (; at < end; at++) {
      sum += data.get(at);
    }
    checksum += sum;
  }
}
