package dev.parallax.nodes.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.proto.v1.MapBlock;

/** Blocks of the occupancy map to and from Protobuf. Stateless. */
public final class ProtoMap {
  private ProtoMap() {}

  /**
   * One block.
   *
   * @param key packed block coordinates, see {@link VoxelBlockMap#key}
   * @param logOdds {@code [512]}
   */
  public record Block(String camera, double voxelSizeM, long key, byte[] logOdds) {}

  /** Names a block on a compacted topic: {@code CAMERA/x/y/z}. */
  public static String recordKey(String camera, long blockKey) {
    return "%s/%d/%d/%d"
        .formatted(
            camera,
            VoxelBlockMap.blockX(blockKey),
            VoxelBlockMap.blockY(blockKey),
            VoxelBlockMap.blockZ(blockKey));
  }

  /**
   * The camera of a record's key.
   *
   * @throws MessageFormatException if it is none of ours
   */
  public static String cameraOf(String recordKey, String topic) throws MessageFormatException {
    return recordKey.substring(0, splitAt(recordKey, topic));
  }

  /**
   * The block of a record's key.
   *
   * @throws MessageFormatException if it is none of ours
   */
  public static long blockOf(String recordKey, String topic) throws MessageFormatException {
    String[] xyz = recordKey.substring(splitAt(recordKey, topic) + 1).split("/", -1);
    try {
      return VoxelBlockMap.key(
          Integer.parseInt(xyz[0]), Integer.parseInt(xyz[1]), Integer.parseInt(xyz[2]));
    } catch (IllegalArgumentException e) {
      throw new MessageFormatException(notOurs(recordKey, topic), e);
    }
  }

  public static byte[] encode(
      FrameId frame, Timestamp stamp, double voxelSizeM, long key, byte[] logOdds) {
    return MapBlock.newBuilder()
        .setCameraId(frame.camera().name())
        .setVoxelSize(voxelSizeM)
        .setBlockX(VoxelBlockMap.blockX(key))
        .setBlockY(VoxelBlockMap.blockY(key))
        .setBlockZ(VoxelBlockMap.blockZ(key))
        .setLogOdds(UnsafeByteOperations.unsafeWrap(logOdds))
        .setStamp(ProtoTimes.message(stamp))
        .setSequence(frame.sequence())
        .build()
        .toByteArray();
  }

  /**
   * @throws MessageFormatException if the bytes are no block
   */
  public static Block decode(byte[] message, String topic) throws MessageFormatException {
    try {
      MapBlock block = MapBlock.parseFrom(message);
      byte[] logOdds = block.getLogOdds().toByteArray();
      if (logOdds.length != VoxelBlockMap.BLOCK_VOXELS || !(block.getVoxelSize() > 0)) {
        throw new MessageFormatException(
            "topic %s: a block of %d voxels of %s m; expected %d"
                .formatted(
                    topic, logOdds.length, block.getVoxelSize(), VoxelBlockMap.BLOCK_VOXELS));
      }
      return new Block(
          block.getCameraId(),
          block.getVoxelSize(),
          VoxelBlockMap.key(block.getBlockX(), block.getBlockY(), block.getBlockZ()),
          logOdds);
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new MessageFormatException(
          "topic %s: not a parallax.v1.MapBlock (%s)".formatted(topic, e.getMessage()), e);
    }
  }

  /** Where the camera's name ends; a name may hold slashes of its own. */
  private static int splitAt(String recordKey, String topic) throws MessageFormatException {
    int at = recordKey.length();
    for (int i = 0; i < 3 && at > 0; i++) {
      at = recordKey.lastIndexOf('/', at - 1);
    }
    if (at <= 0) {
      throw new MessageFormatException(notOurs(recordKey, topic));
    }
    return at;
  }

  private static String notOurs(String recordKey, String topic) {
    return "topic %s: key \"%s\" is not CAMERA/x/y/z".formatted(topic, recordKey);
  }
}
