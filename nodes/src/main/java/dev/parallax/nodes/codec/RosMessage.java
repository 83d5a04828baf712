package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;

/** A message that can be written in the form of ROS 1 and in that of ROS 2. */
public interface RosMessage {
  Ros1Type type();

  /** Writes the fields in the order of the definition. */
  void write(WireOutput out);

  /** About how long the message is, so that it is written without growing. */
  default int expectedBytes() {
    return 512;
  }

  /** The message as ROS 1 has it on the wire and in bags. */
  default byte[] toBytes() {
    Ros1Output out = new Ros1Output(expectedBytes());
    write(out);
    return out.toBytes();
  }

  /** The same without the copy that {@link #toBytes} may make. */
  default ByteBuffer toBuffer() {
    Ros1Output out = new Ros1Output(expectedBytes());
    write(out);
    return out.toBuffer();
  }

  /** The message as ROS 2 has it: CDR after its representation. */
  default byte[] toCdr() {
    CdrOutput out = new CdrOutput(expectedBytes());
    write(out);
    return out.toBytes();
  }
}
