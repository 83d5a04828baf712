package dev.parallax.nodes.source;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_DEFAULT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import dev.parallax.perception.frame.Picture;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Converts decoded video frames to BGR pictures with the colour matrix and range that the stream
 * names. Owns native memory; one thread.
 */
final class VideoColours implements AutoCloseable {
  /** Vector instructions write whole words: rows are padded to these. */
  private static final int ROW_ALIGNMENT_BYTES = 64;

  /** ffmpeg's fixed-point 1 for contrast and saturation. */
  private static final int ONE = 1 << 16;

  private @Nullable SwsContext scaler;
  private @Nullable BytePointer rows;
  private long rowsBytes;

  /** A fresh picture, or null if ffmpeg cannot convert the frame's format. */
  @Nullable Picture toBgr(AVFrame frame) {
    int width = frame.width();
    int height = frame.height();
    SwsContext context = scalerFor(frame);
    if (context == null || context.isNull()) {
      return null;
    }
    int rowBytes = 3 * width;
    int stride = (rowBytes + ROW_ALIGNMENT_BYTES - 1) / ROW_ALIGNMENT_BYTES * ROW_ALIGNMENT_BYTES;
    BytePointer buffer = buffer((long) stride * height + ROW_ALIGNMENT_BYTES);
    try (PointerPointer<BytePointer> planes = new PointerPointer<>(buffer, null, null, null);
        IntPointer strides = new IntPointer(stride, 0, 0, 0)) {
      int converted =
          sws_scale(context, frame.data(), frame.linesize(), 0, height, planes, strides);
      if (converted != height) {
        return null;
      }
    }
    byte[] pixels = new byte[rowBytes * height];
    for (int row = 0; row < height; row++) {
      buffer.position((long) row * stride).get(pixels, row * rowBytes, rowBytes);
    }
    buffer.position(0);
    return new Picture(width, height, Picture.Format.BGR8, pixels);
  }

  @Override
  public void close() {
    if (scaler != null) {
      sws_freeContext(scaler);
      scaler = null;
    }
    if (rows != null) {
      av_free(rows);
      rows = null;
    }
  }

  private @Nullable SwsContext scalerFor(AVFrame frame) {
    scaler =
        sws_getCachedContext(
            scaler,
            frame.width(),
            frame.height(),
            frame.format(),
            frame.width(),
            frame.height(),
            AV_PIX_FMT_BGR24,
            SWS_BILINEAR | SWS_ACCURATE_RND,
            null,
            null,
            (DoublePointer) null);
    if (scaler == null || scaler.isNull()) {
      return null;
    }
    // Refused for grey, which has no matrix; the default is right there.
    sws_setColorspaceDetails(
        scaler,
        sws_getCoefficients(frame.colorspace()),
        frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0,
        sws_getCoefficients(SWS_CS_DEFAULT),
        1,
        0,
        ONE,
        ONE);
    return scaler;
  }

  private BytePointer buffer(long bytes) {
    BytePointer held = rows;
    if (held == null || rowsBytes < bytes) {
      if (held != null) {
        av_free(held);
      }
      held = new BytePointer(av_malloc(bytes)).capacity(bytes);
      rows = held;
      rowsBytes = bytes;
    }
    return held;
  }
}
