package dev.parallax.nodes.source.bag;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;

/**
 * One message as recorded, not yet decoded.
 *
 * @param recordTime when it reached the recorder, which is not the stamp inside it
 * @param data the serialised message, little-endian, read-only, from position 0 to its limit; valid
 *     as long as it is kept
 */
public record BagMessage(BagChannel channel, Timestamp recordTime, ByteBuffer data) {}
