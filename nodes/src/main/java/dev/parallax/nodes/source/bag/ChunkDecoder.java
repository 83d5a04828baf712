package dev.parallax.nodes.source.bag;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;

/** Decompresses the chunks of a bag, as far as they go. Stateless. */
public final class ChunkDecoder {
  private static final int FIRST_ALLOCATION_BYTES = 1 << 20;

  /**
   * What came out of a chunk.
   *
   * @param data little-endian; everything before the fault
   * @param fault why there is not more, in words; null if the chunk is whole
   */
  public record Decoded(ByteBuffer data, @Nullable String fault) {}

  /**
   * @param dataLength bytes of the file to decode; the rest of the file where it has fewer
   * @param declaredSize bytes that should come out, 0 where unknown
   */
  public Decoded decode(
      MappedFile file, long dataPosition, long dataLength, String compression, long declaredSize) {
    if (dataLength >= MappedFile.SLICE_LIMIT_BYTES
        || declaredSize >= MappedFile.SLICE_LIMIT_BYTES) {
      return faulty("a chunk of %d bytes is beyond 1 GiB".formatted(dataLength));
    }
    ByteBuffer stored = file.slice(dataPosition, dataLength);
    String cut =
        stored.limit() < dataLength
            ? "cut short after %d of %d bytes".formatted(stored.limit(), dataLength)
            : null;
    switch (compression) {
      case "none":
        return new Decoded(stored, cut);
      case "lz4":
      case "bz2":
      case "zstd":
        Decoded decoded = decompress(stored, compression, declaredSize);
        return cut == null ? decoded : new Decoded(decoded.data(), cut);
      default:
        return faulty(
            "chunk compression \"%s\" is unknown; understood are none, lz4, bz2, zstd"
                .formatted(compression));
    }
  }

  private static Decoded faulty(String fault) {
    return new Decoded(ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN), fault);
  }

  private static Decoded decompress(ByteBuffer stored, String compression, long declaredSize) {
    byte[] packed = new byte[stored.limit()];
    stored.get(0, packed);
    long most = declaredSize > 0 ? declaredSize : MappedFile.SLICE_LIMIT_BYTES - 1;
    byte[] out = new byte[(int) Math.min(most, FIRST_ALLOCATION_BYTES)];
    int filled = 0;
    String fault = null;
    try (InputStream in = open(packed, compression)) {
      while (filled < most) {
        if (filled == out.length) { // grown as it fills: a damaged size must not exhaust memory
          out = Arrays.copyOf(out, (int) Math.min(most, 2L * out.length));
        }
        int read = in.read(out, filled, out.length - filled);
        if (read < 0) {
          break;
        }
        filled += read;
      }
    } catch (IOException | RuntimeException e) { // the decoders also throw unchecked on damage
      fault = "%s data is damaged or cut short: %s".formatted(compression, e.getMessage());
    }
    if (fault == null && filled < declaredSize) {
      fault = "%s data ends after %d of %d bytes".formatted(compression, filled, declaredSize);
    }
    return new Decoded(
        ByteBuffer.wrap(out, 0, filled).slice().order(ByteOrder.LITTLE_ENDIAN), fault);
  }

  private static InputStream open(byte[] packed, String compression) throws IOException {
    InputStream in = new ByteArrayInputStream(packed);
    return switch (compression) {
      case "lz4" -> new LZ4FrameInputStream(in); // in ROS 1 bags too
      case "zstd" -> new ZstdInputStream(in);
      default -> new BZip2CompressorInputStream(in);
    };
  }
}
