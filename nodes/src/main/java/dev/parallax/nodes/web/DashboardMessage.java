package dev.parallax.nodes.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One binary WebSocket message: a header and any number of sections, little-endian throughout. A
 * reader skips the kinds that it does not know.
 *
 * <pre>
 * header (24 bytes)
 *   0  u8[4] "PLX1"
 *   4  u16   bytes of this header
 *   6  u16   number of sections
 *   8  i64   sequence of the frame shown, -1 before the first
 *   16 u32   frames that this viewer has not been sent because it was busy
 *   20 u32   0
 * section (starts on a multiple of 8)
 *   0  u16   kind     2 u16 0     4 u32 bytes of the body, without padding
 *   8        body, then zeros up to the next multiple of 8
 * </pre>
 *
 * The bodies are described at {@link Kind}.
 */
final class DashboardMessage {
  static final int HEADER_BYTES = 24;
  static final int SECTION_HEADER_BYTES = 8;
  private static final byte[] MAGIC = {'P', 'L', 'X', '1'};

  /** What a section holds. */
  enum Kind {
    /** {@link DashboardStatus} as JSON in UTF-8. */
    STATUS(1),
    /** A JPEG file. */
    PICTURE(2),
    /**
     * u16 width, u16 height, f32 units per step, f32 near, f32 far (2nd and 98th percentile), f32
     * fx fy cx cy, f32[12] rows of {@code T_odom_cam} (3x4), then u16[height*width] depth in steps:
     * 0 unknown, 65535 sky.
     */
    DEPTH(3),
    /**
     * u16 width, u16 height, f32 units per second per step, then three planes of height*width
     * bytes: i8 velocity to the right, i8 velocity away from the camera (-128 unknown), u8 label of
     * {@code MovingMask}.
     */
    MOTION(4),
    /**
     * u32 index of the first point, u32 count, f32[count*3] positions in odom; NaN where the path
     * breaks. Index 0 replaces the whole path.
     */
    PATH(5),
    /**
     * u16 width, u16 height, f32 cell size, f32 x, f32 y of the corner of cell (0, 0) in odom, then
     * i8[height*width], y upwards: -1 unknown, else occupancy 0..100.
     */
    GRID(6),
    /**
     * u32 count, f32 edge, f32 x, y, z of the origin, u32 0, then i16[count*3]: an occupied voxel's
     * centre is origin + edge * index.
     */
    VOXELS(7);

    final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  /** An encoded body, shared by all viewers and never written to again. */
  record Section(Kind kind, byte[] body) {}

  private DashboardMessage() {}

  static byte[] encode(long frameSequence, long notSent, List<Section> sections) {
    int bytes = HEADER_BYTES;
    for (Section section : sections) {
      bytes += SECTION_HEADER_BYTES + padded(section.body().length);
    }
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).putShort((short) HEADER_BYTES).putShort((short) sections.size());
    out.putLong(frameSequence).putInt((int) notSent).putInt(0);
    for (Section section : sections) {
      byte[] body = section.body();
      out.putShort((short) section.kind().code).putShort((short) 0).putInt(body.length).put(body);
      out.position(out.position() + padded(body.length) - body.length);
    }
    return out.array();
  }

  /** The sections of a message, for readers in Java. */
  static List<Section> decode(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    int sections = Short.toUnsignedInt(in.getShort(6));
    in.position(Short.toUnsignedInt(in.getShort(4)));
    List<Section> out = new ArrayList<>();
    for (int i = 0; i < sections; i++) {
      int code = Short.toUnsignedInt(in.getShort());
      in.getShort();
      byte[] body = new byte[in.getInt()];
      in.get(body);
      in.position(in.position() + padded(body.length) - body.length);
      for (Kind kind : Kind.values()) {
        if (kind.code == code) {
          out.add(new Section(kind, body));
        }
      }
    }
    return out;
  }

  private static int padded(int bytes) {
    return (bytes + 7) & ~7;
  }
}
