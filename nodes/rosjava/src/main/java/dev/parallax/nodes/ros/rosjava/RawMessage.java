package dev.parallax.nodes.ros.rosjava;

import java.nio.ByteBuffer;
import org.jboss.netty.buffer.ChannelBuffer;
import org.ros.internal.message.Message;
import org.ros.message.MessageDeserializer;
import org.ros.message.MessageFactory;
import org.ros.message.MessageSerializer;

/** A message as serialised, in the place where rosjava has an object of a generated class. */
final class RawMessage implements Message {
  private ByteBuffer bytes;

  RawMessage(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** Fills in what rosjava made empty: the response to a service's call. */
  void set(ByteBuffer filled) {
    bytes = filled;
  }

  @Override
  public org.ros.internal.message.RawMessage toRawMessage() {
    throw new UnsupportedOperationException("Serialised messages have no fields");
  }

  /** Takes rosjava's buffers for what they are. Any thread. */
  static final class Codec
      implements MessageSerializer<RawMessage>, MessageDeserializer<RawMessage>, MessageFactory {
    @Override
    public void serialize(RawMessage message, ChannelBuffer buffer) {
      buffer.writeBytes(message.bytes());
    }

    /** Not copied: rosjava has made a copy of its own for this message. */
    @Override
    public RawMessage deserialize(ChannelBuffer buffer) {
      return new RawMessage(buffer.toByteBuffer());
    }

    @Override
    @SuppressWarnings({
      "unchecked",
      "TypeParameterUnusedInFormals"
    }) // as rosjava's interface has it
    public <T extends Message> T newFromType(String type) {
      return (T) new RawMessage(ByteBuffer.allocate(0));
    }
  }
}
