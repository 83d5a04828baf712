package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCalibration;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What goes with every record beside its key (the camera) and timestamp (when the picture was
 * taken). All are text.
 *
 * @param sequence counts the publisher's frames from 0
 * @param stream names this run of the publisher: another run is another session
 * @param frameId the camera's optical frame
 * @param encoding {@code jpeg}, {@code png}, or that of a raw picture
 * @param calibration names the calibration on the camera_info topic
 * @param traceparent W3C trace context
 * @param depth where the depth of the camera's own sensor lies; null where there is none
 */
record FrameHeaders(
    long sequence,
    String stream,
    String frameId,
    String encoding,
    String calibration,
    String traceparent,
    SensorDepths.@Nullable Place depth) {
  static final int SCHEMA = 1;
  static final String SCHEMA_KEY = "schema";
  static final String SEQUENCE = "sequence";
  static final String STREAM = "stream";
  static final String FRAME_ID = "frame_id";
  static final String ENCODING = "encoding";
  static final String CALIBRATION = "calibration";
  static final String DEPTH = "depth";
  static final String MODEL = "model";
  static final String TRACEPARENT = "traceparent";

  /** Headers that a frame cannot do without, or that are of a later version. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;
    final DeadLetter.Reason reason;

    Unusable(DeadLetter.Reason reason, String message) {
      super(message);
      this.reason = reason;
    }
  }

  /** Headers of a frame, with a trace of its own. */
  static FrameHeaders of(
      long sequence,
      String stream,
      String frameId,
      String encoding,
      String calibration,
      SensorDepths.@Nullable Place depth) {
    String trace = trace(stream + "/" + sequence, "");
    return new FrameHeaders(sequence, stream, frameId, encoding, calibration, trace, depth);
  }

  /**
   * @throws Unusable if one is missing or the schema is newer than this node
   */
  static FrameHeaders read(Headers headers) throws Unusable {
    int schema = (int) number(headers, SCHEMA_KEY);
    if (schema > SCHEMA) {
      throw new Unusable(
          DeadLetter.Reason.NEWER_SCHEMA,
          "schema %d is newer than this node's %d; update the node".formatted(schema, SCHEMA));
    }
    long sequence = number(headers, SEQUENCE);
    String stream = required(headers, STREAM);
    String frameId = required(headers, FRAME_ID);
    String trace = text(headers, TRACEPARENT);
    String depth = text(headers, DEPTH);
    return new FrameHeaders(
        sequence,
        stream,
        frameId,
        required(headers, ENCODING),
        required(headers, CALIBRATION),
        trace == null ? trace(stream + "/" + sequence, "") : trace,
        depth == null ? null : SensorDepths.Place.parse(depth));
  }

  RecordHeaders forFrame() {
    RecordHeaders headers = common();
    put(headers, ENCODING, encoding);
    put(headers, TRACEPARENT, traceparent);
    if (depth != null) {
      put(headers, DEPTH, depth.toString());
    }
    return headers;
  }

  /**
   * Of a result: the same trace, a span of the node's own.
   *
   * @param model names the model and configuration that made it
   */
  RecordHeaders forResult(String resultEncoding, String model, String node) {
    RecordHeaders headers = common();
    put(headers, ENCODING, resultEncoding);
    put(headers, MODEL, model);
    String[] parts = traceparent.split("-", -1);
    String seed = stream + "/" + sequence + "/" + node;
    put(headers, TRACEPARENT, trace(seed, parts.length == 4 ? parts[1] : ""));
    return headers;
  }

  static void put(Headers headers, String key, String value) {
    headers.add(key, value.getBytes(StandardCharsets.UTF_8));
  }

  static @Nullable String text(Headers headers, String key) {
    Header header = headers.lastHeader(key);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private RecordHeaders common() {
    RecordHeaders headers = new RecordHeaders();
    put(headers, SCHEMA_KEY, Integer.toString(SCHEMA));
    put(headers, SEQUENCE, Long.toString(sequence));
    put(headers, STREAM, stream);
    put(headers, FRAME_ID, frameId);
    put(headers, CALIBRATION, calibration);
    return headers;
  }

  private static String required(Headers headers, String key) throws Unusable {
    String value = text(headers, key);
    if (value == null || value.isBlank()) {
      throw new Unusable(
          DeadLetter.Reason.HEADER_MISSING,
          "header %s is missing; the publisher has to set it".formatted(key));
    }
    return value;
  }

  private static long number(Headers headers, String key) throws Unusable {
    String value = required(headers, key);
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new Unusable(
        DeadLetter.Reason.HEADER_MISSING,
        "header %s is no number from 0 on but \"%s\"".formatted(key, value));
  }

  /** W3C trace context, level 1; ids follow from what they name, so that a repeat is the same. */
  private static String trace(String seed, String traceId) {
    byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
    String span = ProtoCalibration.shortHash(bytes);
    String id =
        traceId.length() == 32
            ? traceId
            : span + ProtoCalibration.shortHash(span.getBytes(StandardCharsets.UTF_8));
    return "00-" + id + "-" + span + "-01";
  }
}
