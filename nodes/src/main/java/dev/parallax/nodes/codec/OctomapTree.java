package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A map as OctoMap's binary octree has it, in {@code octomap_msgs/Octomap} and in {@code .bt}
 * files: of 16 levels, its middle at the frame's origin. Each inner node is two bytes, two bits for
 * each child from the lowest on: 00 unknown, 01 free, 10 occupied, 11 with children of its own,
 * which follow depth first; x is the lowest bit of a child's number, then y, then z (Hornung et
 * al., OctoMap, Autonomous Robots 2013).
 *
 * @param resolutionM edge of the smallest nodes
 * @param nodes inner ones, leaves and root
 * @param data the root and what follows; empty where nothing is known
 */
public record OctomapTree(double resolutionM, int nodes, byte[] data) {
  private static final int LEVELS = 16;
  private static final int MIDDLE = 1 << (LEVELS - 1);
  private static final int FREE = 1;
  private static final int OCCUPIED = 2;
  private static final int INNER = 3;

  /** A tree that unfolds to more is not a map of ours: 134 MB of voxels. */
  private static final int MAX_BLOCKS = 1 << 18;

  private static final Pattern HEADER =
      Pattern.compile(
          "# Octomap OcTree binary file\\n(?:#.*\\n)*id OcTree\\nsize (\\d{1,9})\\n"
              + "res ([0-9.eE+-]{1,30})\\ndata\\n");

  private static final int LONGEST_HEADER = 1000;

  /** Voxels farther than 32768 from the origin have no place in such a tree and are left out. */
  public static OctomapTree of(VoxelBlockMap map) {
    Encoder encoder = new Encoder(map);
    return new OctomapTree(map.voxelSizeM(), encoder.nodes, encoder.out.toByteArray());
  }

  /**
   * The map, as sure of its voxels as is just enough for them to count.
   *
   * @param source for error messages
   * @throws MessageFormatException if the data are no such tree or unfold beyond reason
   */
  public VoxelBlockMap map(String source) throws MessageFormatException {
    return new Decoder(data, resolutionM, source).map();
  }

  /** A {@code .bt} file, as OctoMap's own tools and octomap_server read it. */
  public byte[] toFile() {
    ByteArrayOutputStream file = new ByteArrayOutputStream(data.length + 100);
    String header =
        String.format(
            Locale.ROOT,
            "# Octomap OcTree binary file\nid OcTree\nsize %d\nres %s\ndata\n",
            nodes,
            resolutionM);
    file.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    file.writeBytes(data);
    return file.toByteArray();
  }

  /**
   * @param source for error messages
   * @throws MessageFormatException if it is no {@code .bt} file
   */
  public static OctomapTree fromFile(byte[] file, String source) throws MessageFormatException {
    int start = Math.min(file.length, LONGEST_HEADER);
    Matcher header = HEADER.matcher(new String(file, 0, start, StandardCharsets.ISO_8859_1));
    if (header.lookingAt()) {
      try {
        return new OctomapTree(
            Double.parseDouble(header.group(2)),
            Integer.parseInt(header.group(1)),
            Arrays.copyOfRange(file, header.end(), file.length));
      } catch (NumberFormatException e) {
        // told below
      }
    }
    throw new MessageFormatException(
        source + ": is no OctoMap file (.bt) of kind OcTree; save one with save_map");
  }

  private static final class Encoder implements VoxelBlockMap.BlockVisitor {
    private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long[] voxels = new long[4096]; // place in the tree's order, then whether occupied
    private int used;
    private int nodes;

    Encoder(VoxelBlockMap map) {
      map.forEachBlock(this);
      Arrays.parallelSort(voxels, 0, used);
      if (used > 0) {
        nodes = 1;
        write(LEVELS, 0, used);
      }
    }

    @Override
    public void visit(int blockX, int blockY, int blockZ, byte[] logOdds) {
      int x = blockX * EDGE + MIDDLE;
      int y = blockY * EDGE + MIDDLE;
      int z = blockZ * EDGE + MIDDLE;
      if (((x | y | z) & -2 * MIDDLE) != 0) {
        return;
      }
      for (int i = 0; i < logOdds.length; i++) {
        boolean occupied = VoxelBlockMap.isOccupied(logOdds[i]);
        if (occupied || VoxelBlockMap.isFree(logOdds[i])) {
          long place =
              spread(x + i % EDGE)
                  | spread(y + i / EDGE % EDGE) << 1
                  | spread(z + i / (EDGE * EDGE)) << 2;
          if (used == voxels.length) {
            voxels = Arrays.copyOf(voxels, 2 * used);
          }
          voxels[used++] = place << 1 | (occupied ? 1 : 0);
        }
      }
    }

    /** 16 bits, two zeros between each. */
    private static long spread(long bits) {
      long spread = bits & 0xffff;
      spread = (spread | spread << 16) & 0x0000ff0000ffL;
      spread = (spread | spread << 8) & 0x00f00f00f00fL;
      spread = (spread | spread << 4) & 0x0c30c30c30c3L;
      return (spread | spread << 2) & 0x249249249249L;
    }

    /** The inner node of a level, whose voxels are these. */
    private void write(int level, int from, int to) {
      int[] ends = new int[8];
      int[] kinds = new int[8];
      int bits = 0;
      int at = from;
      for (int child = 0; child < 8; child++) {
        int begin = at;
        while (at < to && (voxels[at] >> (3 * level - 2) & 7) == child) {
          at++;
        }
        ends[child] = at;
        kinds[child] = kind(level - 1, begin, at);
        bits |= kinds[child] << 2 * child;
        nodes += kinds[child] == 0 ? 0 : 1;
      }
      out.write(bits);
      out.write(bits >> 8);
      for (int child = 0; child < 8; child++) {
        if (kinds[child] == INNER) {
          write(level - 1, child == 0 ? from : ends[child - 1], ends[child]);
        }
      }
    }

    /** What a node of these voxels is: one alike throughout needs no children. */
    private int kind(int level, int from, int to) {
      if (from == to) {
        return 0;
      }
      if (to - from != 1L << 3 * level) {
        return INNER;
      }
      for (int i = from; i < to; i++) {
        if ((voxels[i] & 1) != (voxels[from] & 1)) {
          return INNER;
        }
      }
      return (voxels[from] & 1) == 1 ? OCCUPIED : FREE;
    }
  }

  private static final class Decoder {
    private static final int BLOCK_LEVEL = 3;

    private final byte[] data;
    private final double resolutionM;
    private final String source;
    private final Map<Long, byte[]> blocks = new TreeMap<>();
    private int at;

    Decoder(byte[] data, double resolutionM, String source) {
      this.data = data;
      this.resolutionM = resolutionM;
      this.source = source;
    }

    VoxelBlockMap map() throws MessageFormatException {
      if (!(resolutionM > 0) || Double.isInfinite(resolutionM)) {
        throw refuse("its resolution is %s m".formatted(resolutionM));
      }
      if (data.length > 0) {
        read(LEVELS, -MIDDLE, -MIDDLE, -MIDDLE);
      }
      if (at != data.length) {
        throw refuse("%d bytes follow its last node".formatted(data.length - at));
      }
      long[] keys = blocks.keySet().stream().mapToLong(Long::longValue).toArray();
      VoxelBlockMap map = new VoxelBlockMap(resolutionM);
      map.apply(new OccupancyDelta(resolutionM, keys, blocks.values().toArray(byte[][]::new)));
      return map;
    }

    private void read(int level, int x, int y, int z) throws MessageFormatException {
      if (level == 0 || at + 2 > data.length) {
        throw refuse(level == 0 ? "it has more than 16 levels" : "it is cut short");
      }
      int bits = Byte.toUnsignedInt(data[at]) | Byte.toUnsignedInt(data[at + 1]) << 8;
      at += 2;
      int edge = 1 << (level - 1);
      for (int child = 0; child < 8; child++) {
        int cx = x + (child & 1) * edge;
        int cy = y + (child >> 1 & 1) * edge;
        int cz = z + (child >> 2) * edge;
        switch (bits >> 2 * child & 3) {
          case FREE -> fill(edge, cx, cy, cz, VoxelBlockMap.FREE_LOG_ODDS);
          case OCCUPIED -> fill(edge, cx, cy, cz, VoxelBlockMap.OCCUPIED_LOG_ODDS);
          case INNER -> read(level - 1, cx, cy, cz);
          default -> {}
        }
      }
    }

    private void fill(int edge, int x, int y, int z, byte logOdds) throws MessageFormatException {
      int inBlock = Math.min(edge, VoxelBlockMap.BLOCK_EDGE);
      requireRoom((long) edge / inBlock * (edge / inBlock) * (edge / inBlock));
      for (int bz = z; bz < z + edge; bz += inBlock) {
        for (int by = y; by < y + edge; by += inBlock) {
          for (int bx = x; bx < x + edge; bx += inBlock) {
            fillInBlock(inBlock, bx, by, bz, logOdds);
          }
        }
      }
    }

    private void requireRoom(long more) throws MessageFormatException {
      if (blocks.size() + more > MAX_BLOCKS) {
        throw refuse("it unfolds to more than %d blocks of 8x8x8 voxels".formatted(MAX_BLOCKS));
      }
    }

    private void fillInBlock(int edge, int x, int y, int z, byte logOdds) {
      byte[] row =
          blocks.computeIfAbsent(
              VoxelBlockMap.key(x >> BLOCK_LEVEL, y >> BLOCK_LEVEL, z >> BLOCK_LEVEL),
              key -> unobserved());
      for (int k = 0; k < edge; k++) {
        for (int j = 0; j < edge; j++) {
          int from = ((((z + k) & 7) << BLOCK_LEVEL | (y + j) & 7) << BLOCK_LEVEL) | x & 7;
          Arrays.fill(row, from, from + edge, logOdds);
        }
      }
    }

    private static byte[] unobserved() {
      byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
      Arrays.fill(row, VoxelBlockMap.UNOBSERVED);
      return row;
    }

    private MessageFormatException refuse(String problem) {
      return new MessageFormatException(
          "%s: its octree cannot be used: %s; save it again".formatted(source, problem));
    }
  }
}
