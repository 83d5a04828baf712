package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.Tools;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OctomapTreeTest {
  private static final double SIZE_M = 0.1;
  private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;

  /** A cube of octomap's VRML: where it is and how large. */
  private static final Pattern CUBE =
      Pattern.compile(
          "translation ([-0-9.e]+) ([-0-9.e]+) ([-0-9.e]+)[^S]*?Shape[^S]*?size ([0-9.e]+)");

  @Test
  void theKnownVoxelsOfAMapComeBack() throws Exception {
    VoxelBlockMap map = random();
    OctomapTree tree = OctomapTree.fromFile(OctomapTree.of(map).toFile(), "map.bt");
    assertThat(tree.resolutionM()).isEqualTo(SIZE_M);
    assertThat(tree.map("map.bt").sameContentAs(map)).isTrue();
  }

  @Test
  void whatIsAlikeThroughoutTakesOneNode() {
    byte[] free = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(free, VoxelBlockMap.FREE_LOG_ODDS);
    VoxelBlockMap map = new VoxelBlockMap(SIZE_M);
    map.apply(
        new OccupancyDelta(SIZE_M, new long[] {VoxelBlockMap.key(5, -3, 0)}, new byte[][] {free}));
    OctomapTree tree = OctomapTree.of(map);
    assertThat(tree.nodes()).as("root, 12 levels down, the block").isEqualTo(14);
    assertThat(tree.data()).hasSize(2 * 13);
    assertThat(OctomapTree.of(new VoxelBlockMap(SIZE_M)).data()).isEmpty();
  }

  @Test
  void whatIsCutOrDamagedIsRefusedOrReadNeverMore() throws Exception {
    byte[] whole = OctomapTree.of(random()).data();
    for (int length = 1; length < whole.length; length += 7) {
      OctomapTree cut = new OctomapTree(SIZE_M, 0, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> cut.map("map.bt"))
          .isInstanceOf(MessageFormatException.class)
          .hasMessageStartingWith("map.bt: its octree");
    }
    Random random = new Random(6);
    for (int i = 0; i < 30; i++) {
      byte[] damaged = whole.clone();
      damaged[random.nextInt(40)] = (byte) random.nextInt(256);
      try {
        assertThat(new OctomapTree(SIZE_M, 0, damaged).map("map.bt")).isNotNull();
      } catch (MessageFormatException e) {
        assertThat(e).hasMessageStartingWith("map.bt: its octree");
      }
    }
    assertThatThrownBy(() -> OctomapTree.fromFile(new byte[] {1, 2}, "map.bt"))
        .hasMessageContaining("is no OctoMap file");
  }

  @Test
  void octomapsOwnToolFindsTheSameCubes(@TempDir Path folder) throws Exception {
    Tools.require("bt2vrml", "octomap-tools");
    VoxelBlockMap map = random();
    Files.write(folder.resolve("map.bt"), OctomapTree.of(map).toFile());
    String said = Tools.run(folder, "bt2vrml", "map.bt");
    assertThat(said).doesNotContainIgnoringCase("error");
    String cubes = Files.readString(folder.resolve("map.bt.wrl"));
    TreeSet<String> found = new TreeSet<>();
    for (Matcher cube = CUBE.matcher(cubes); cube.find(); ) {
      addVoxels(found, cube);
    }
    TreeSet<String> expected = new TreeSet<>();
    map.forEachBlock(
        (x, y, z, row) -> {
          for (int i = 0; i < row.length; i++) {
            if (VoxelBlockMap.isOccupied(row[i])) {
              expected.add(
                  "%d %d %d"
                      .formatted(
                          x * EDGE + i % EDGE,
                          y * EDGE + i / EDGE % EDGE,
                          z * EDGE + i / EDGE / EDGE));
            }
          }
        });
    assertThat(found).isEqualTo(expected);
  }

  private static void addVoxels(TreeSet<String> found, Matcher cube) {
    int edge = (int) Math.round(Double.parseDouble(cube.group(4)) / SIZE_M);
    int[] first = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double centre = Double.parseDouble(cube.group(axis + 1)) / SIZE_M;
      first[axis] = (int) Math.round(centre - edge / 2.0);
    }
    for (int i = 0; i < edge * edge * edge; i++) {
      found.add(
          "%d %d %d"
              .formatted(
                  first[0] + i % edge, first[1] + i / edge % edge, first[2] + i / edge / edge));
    }
  }

  /** Blocks on all sides of the origin: one all occupied, the others of all kinds. */
  private static VoxelBlockMap random() {
    Random random = new Random(8);
    VoxelBlockMap map = new VoxelBlockMap(SIZE_M);
    byte[] kinds = {
      VoxelBlockMap.UNOBSERVED, VoxelBlockMap.FREE_LOG_ODDS, VoxelBlockMap.OCCUPIED_LOG_ODDS
    };
    for (int block = 0; block < 8; block++) {
      byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
      for (int i = 0; i < row.length; i++) {
        row[i] = block == 0 ? kinds[2] : kinds[random.nextInt(3)];
      }
      long key = VoxelBlockMap.key(block % 2 * 9 - 5, block / 2 % 2 * 3 - 2, -(block / 4));
      map.apply(new OccupancyDelta(SIZE_M, new long[] {key}, new byte[][] {row}));
    }
    return map;
  }
}
