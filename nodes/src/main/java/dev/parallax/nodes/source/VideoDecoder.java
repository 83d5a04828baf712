package dev.parallax.nodes.source;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_display_rotation_get;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import dev.parallax.perception.frame.Picture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;

/** Decodes the video stream of a file by ffmpeg, in the order of presentation. One thread. */
final class VideoDecoder implements AutoCloseable {
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  /** What came of one packet. */
  sealed interface Decoded {
    /** Nanoseconds from the start of the stream; {@link #NO_STAMP} if the file has none. */
    long stampNs();
  }

  static final long NO_STAMP = Long.MIN_VALUE;

  record Shown(long stampNs, Picture picture) implements Decoded {}

  record Damaged(long stampNs, String problem) implements Decoded {}

  private final AVFormatContext container;
  private final AVCodecContext codec;
  private final AVStream stream;
  private final AVPacket packet = av_packet_alloc();
  private final AVFrame frame = av_frame_alloc();
  private final VideoColours colours = new VideoColours();
  private @Nullable String readFault;
  private boolean closed;

  private VideoDecoder(AVFormatContext container, AVStream stream, AVCodecContext codec) {
    this.container = container;
    this.stream = stream;
    this.codec = codec;
  }

  /**
   * @throws SourceException if the file is no video or its codec is not known
   */
  static VideoDecoder open(Path path) {
    av_log_set_level(AV_LOG_QUIET); // ffmpeg would write to the console; we report instead
    AVFormatContext container = new AVFormatContext(null);
    int opened = avformat_open_input(container, "file:" + path.toAbsolutePath(), null, null);
    if (opened < 0) {
      throw new SourceException(
          "%s: cannot be opened as video (%s); it may be cut short or no video file"
              .formatted(path, problem(opened)));
    }
    AVCodecContext codec = null;
    try {
      avformat_find_stream_info(container, (AVDictionary) null);
      int index = av_find_best_stream(container, AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
      if (index < 0) {
        throw new SourceException("%s: holds no video stream; give a video file".formatted(path));
      }
      AVStream stream = container.streams(index);
      codec = openCodec(path, stream.codecpar());
      return new VideoDecoder(container, stream, codec);
    } catch (SourceException e) {
      avformat_close_input(container);
      throw e;
    }
  }

  /** Frames that the container announces, 0 where it does not. */
  long announcedFrames() {
    return Math.max(0, stream.nb_frames());
  }

  /** Time from one frame to the next as the container announces it, nanoseconds; 0 if unknown. */
  long announcedPeriodNs() {
    AVRational rate = stream.avg_frame_rate();
    return rate.num() > 0 && rate.den() > 0
        ? Math.round((double) NANOS_PER_SECOND * rate.den() / rate.num())
        : 0;
  }

  /** How far pictures must be turned clockwise to stand upright, degrees, 0 to below 360. */
  double rotationDegrees() {
    AVCodecParameters parameters = stream.codecpar();
    if (parameters.nb_coded_side_data() == 0) {
      return 0;
    }
    AVPacketSideData matrix =
        av_packet_side_data_get(
            parameters.coded_side_data(),
            parameters.nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.isNull()) {
      return 0;
    }
    double counterclockwise = av_display_rotation_get(new IntPointer(matrix.data()));
    return Double.isNaN(counterclockwise) ? 0 : (360 - counterclockwise) % 360;
  }

  /** Why the file ended before its end, or null. */
  @Nullable String readFault() {
    return readFault;
  }

  /** The next picture, or what became of it; null at the end. */
  @Nullable Decoded next() {
    while (true) {
      int received = avcodec_receive_frame(codec, frame);
      if (received >= 0) {
        return shown();
      }
      if (received == AVERROR_EOF()) {
        return null;
      }
      if (received != AVERROR_EAGAIN()) {
        return new Damaged(NO_STAMP, problem(received));
      }
      Damaged damaged = feed();
      if (damaged != null) {
        return damaged;
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    colours.close();
    av_frame_free(frame);
    av_packet_free(packet);
    avcodec_free_context(codec);
    avformat_close_input(container);
  }

  private static AVCodecContext openCodec(Path path, AVCodecParameters parameters) {
    AVCodec decoder = avcodec_find_decoder(parameters.codec_id());
    if (decoder == null || decoder.isNull()) {
      throw new SourceException(
          "%s: its video codec is not known; convert it to H.264".formatted(path));
    }
    AVCodecContext codec = avcodec_alloc_context3(decoder);
    avcodec_parameters_to_context(codec, parameters);
    codec.thread_count(1); // the pipeline wants the cores, and errors stay with their packet
    int opened = avcodec_open2(codec, decoder, (AVDictionary) null);
    if (opened < 0) {
      avcodec_free_context(codec);
      throw new SourceException(
          "%s: its video cannot be decoded (%s); convert it to H.264"
              .formatted(path, problem(opened)));
    }
    return codec;
  }

  /** Gives the decoder one more packet, or tells it that there are no more. */
  private @Nullable Damaged feed() {
    int read = av_read_frame(container, packet);
    if (read < 0) {
      if (read != AVERROR_EOF()) {
        readFault = problem(read);
      }
      avcodec_send_packet(codec, null);
      return null;
    }
    try {
      if (packet.stream_index() != stream.index()) {
        return null;
      }
      int sent = avcodec_send_packet(codec, packet);
      return sent < 0 ? new Damaged(stampNs(packet.pts()), problem(sent)) : null;
    } finally {
      av_packet_unref(packet);
    }
  }

  private Decoded shown() {
    long stampNs = stampNs(frame.best_effort_timestamp());
    if ((frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0) {
      return new Damaged(stampNs, "parts of the picture are missing");
    }
    Picture picture = colours.toBgr(frame);
    return picture == null
        ? new Damaged(stampNs, "its pixel format cannot be converted")
        : new Shown(stampNs, picture);
  }

  private long stampNs(long pts) {
    if (pts == AV_NOPTS_VALUE) {
      return NO_STAMP;
    }
    long start = stream.start_time() == AV_NOPTS_VALUE ? 0 : stream.start_time();
    AVRational nanoseconds = new AVRational();
    nanoseconds.num(1).den(NANOS_PER_SECOND);
    return av_rescale_q(pts - start, stream.time_base(), nanoseconds);
  }

  private static String problem(int error) {
    byte[] text = new byte[128];
    av_strerror(error, text, text.length);
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }
}
