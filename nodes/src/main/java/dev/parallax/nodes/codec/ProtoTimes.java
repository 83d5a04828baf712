package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;

/** Times to and from Protobuf. */
final class ProtoTimes {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private ProtoTimes() {}

  static com.google.protobuf.Timestamp message(Timestamp stamp) {
    return com.google.protobuf.Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(stamp.nanos(), NANOS_PER_SECOND))
        .setNanos((int) Math.floorMod(stamp.nanos(), NANOS_PER_SECOND))
        .build();
  }

  /**
   * @throws ArithmeticException if the time does not fit
   */
  static Timestamp stamp(com.google.protobuf.Timestamp message) {
    return new Timestamp(
        Math.addExact(
            Math.multiplyExact(message.getSeconds(), NANOS_PER_SECOND), message.getNanos()));
  }
}
