package dev.parallax.nodes.codec;

/**
 * Whether the bytes of a JPEG or PNG are all there, by walking their segments. libjpeg paints what
 * is missing grey and only warns, so a picture cut short must be found out before it is decoded.
 */
final class ImageFile {
  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};
  private static final int JPEG_EOI = 0xd9;
  private static final int JPEG_SOS = 0xda;
  private static final int PNG_IEND = 0x49454e44;

  private ImageFile() {}

  static boolean isJpeg(byte[] b) {
    return b.length >= 3 && at(b, 0) == 0xff && at(b, 1) == 0xd8 && at(b, 2) == 0xff;
  }

  static boolean isPng(byte[] b) {
    for (int i = 0; i < PNG_SIGNATURE.length; i++) {
      if (b.length <= i || b[i] != PNG_SIGNATURE[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * @throws ImageFormatException if the bytes are neither JPEG nor PNG or end before the picture
   */
  static void requireWhole(byte[] bytes) throws ImageFormatException {
    if (bytes.length == 0) {
      throw new ImageFormatException("the picture is empty (0 bytes)");
    }
    boolean jpeg = isJpeg(bytes);
    if (!jpeg && !isPng(bytes)) {
      throw new ImageFormatException(
          "neither JPEG nor PNG (starts with %s)".formatted(firstBytes(bytes)));
    }
    if (!(jpeg ? jpegEnds(bytes) : pngEnds(bytes))) {
      throw new ImageFormatException(
          "%s cut short after %d bytes: its end marker is missing"
              .formatted(jpeg ? "JPEG" : "PNG", bytes.length));
    }
  }

  /**
   * Walks the marker segments (ITU-T T.81 annex B) to the end-of-image marker. A plain search for
   * it would be deceived by the thumbnail inside an EXIF segment.
   */
  private static boolean jpegEnds(byte[] b) {
    int i = 2;
    while (i + 1 < b.length) {
      if (at(b, i) != 0xff) {
        i++; // stray bytes between segments, which decoders skip too
        continue;
      }
      int marker = at(b, i + 1);
      if (marker == 0xff) {
        i++; // fill byte
      } else if (marker == JPEG_EOI) {
        return true;
      } else if (isBareMarker(marker)) {
        i += 2;
      } else {
        if (i + 3 >= b.length) {
          return false;
        }
        i += 2 + (at(b, i + 2) << 8 | at(b, i + 3));
        if (marker == JPEG_SOS) {
          i = endOfScan(b, i);
        }
      }
    }
    return false;
  }

  /** Markers without a length: TEM, RST0-7, SOI, and the stuffed zero. */
  private static boolean isBareMarker(int marker) {
    return marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
  }

  /** The first marker after entropy-coded data, which holds only stuffed zeros and restarts. */
  private static int endOfScan(byte[] b, int from) {
    for (int i = from; i + 1 < b.length; i++) {
      if (b[i] == (byte) 0xff) {
        int next = at(b, i + 1);
        if (next != 0 && next != 0xff && !isBareMarker(next)) {
          return i;
        }
      }
    }
    return b.length;
  }

  /** Walks the chunks (ISO/IEC 15948) to IEND. */
  private static boolean pngEnds(byte[] b) {
    long i = PNG_SIGNATURE.length;
    while (i + 12 <= b.length) {
      int type = int32(b, (int) i + 4);
      long end = i + 12 + Integer.toUnsignedLong(int32(b, (int) i));
      if (type == PNG_IEND) {
        return end <= b.length;
      }
      i = end;
    }
    return false;
  }

  private static String firstBytes(byte[] b) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(4, b.length); i++) {
      text.append(i == 0 ? "" : " ").append("%02x".formatted(b[i]));
    }
    return text.toString();
  }

  private static int int32(byte[] b, int i) {
    return at(b, i) << 24 | at(b, i + 1) << 16 | at(b, i + 2) << 8 | at(b, i + 3);
  }

  private static int at(byte[] b, int i) {
    return Byte.toUnsignedInt(b[i]);
  }
}
