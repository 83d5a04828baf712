package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import org.jspecify.annotations.Nullable;

/** Voxel work on the GPU: {@code voxel.cu}. One wait for each observation, one for each update. */
final class CudaVoxelKernels implements VoxelKernels {
  private static final int PAD = 16;
  private static final int LEVELS = 5;
  private static final int TILE = 8;
  private static final int CELLS_PER_BLOCK = 1024;
  private static final int THREADS = 256;

  /** Blocks whose place comes down with their number: more than most pictures touch, in 16 KiB. */
  private static final int MAX_FETCHED_CELLS = 4096;

  private final CudaStream stream;
  private final CudaFunction pixelEvidence;
  private final CudaFunction windowExtremes;
  private final CudaFunction tileExtremes;
  private final CudaFunction judgeBlocks;
  private final CudaFunction markEnds;
  private final CudaFunction countBlocks;
  private final CudaFunction numberStretches;
  private final CudaFunction listBlocks;
  private final CudaFunction gatherEnds;
  private final CudaFunction updateBlocks;

  private final Scratch depth = new Scratch();
  private final Scratch std = new Scratch();
  private final Scratch labels = new Scratch();
  private final Scratch limits = new Scratch();
  private final Scratch misses = new Scratch();
  private final Scratch hit = new Scratch();
  private final Scratch tiles = new Scratch();
  private final Scratch verdicts = new Scratch();
  private final Scratch slots = new Scratch();
  private final Scratch counts = new Scratch();
  private final Scratch cells = new Scratch();
  private final Scratch hits = new Scratch();
  private final Scratch voxels = new Scratch();
  private final Scratch changes = new Scratch();

  private int blocks;
  private @Nullable Observation observation;
  private @Nullable FrustumBox box;
  private int fetchedCells;
  private int[] hostCounts = new int[0];
  private int[] hostCells = new int[0];
  private byte[] hostChanges = new byte[0];

  /** What one picture left on the device for the update that follows. */
  private record Observation(
      VoxelView view,
      VoxelRules rules,
      FrustumBox box,
      CudaBuffer limits,
      CudaBuffer misses,
      CudaBuffer verdicts,
      CudaBuffer slots,
      CudaBuffer cells,
      CudaBuffer hits) {}

  CudaVoxelKernels(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    pixelEvidence = device.function("pixel_evidence");
    windowExtremes = device.function("window_extremes");
    tileExtremes = device.function("tile_extremes");
    judgeBlocks = device.function("judge_blocks");
    markEnds = device.function("mark_ends");
    countBlocks = device.function("count_blocks");
    numberStretches = device.function("number_stretches");
    listBlocks = device.function("list_blocks");
    gatherEnds = device.function("gather_ends");
    updateBlocks = device.function("update_blocks");
  }

  @Override
  public int observe(
      VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] pixelLabels) {
    int width = view.width();
    int height = view.height();
    int pixels = width * height;
    if (depthM.length != pixels || stdM.length != pixels || pixelLabels.length != pixels) {
      throw new IllegalArgumentException(
          "Depth camera %dx%d needs %d values, got %d depths, %d stds, %d labels"
              .formatted(width, height, pixels, depthM.length, stdM.length, pixelLabels.length));
    }
    stream.bind();
    CudaBuffer d = depth.words(height, width, 1);
    CudaBuffer s = std.words(height, width, 1);
    CudaBuffer l = labels.bytes(pixels);
    stream.upload(depthM, d);
    stream.upload(stdM, s);
    stream.upload(pixelLabels, l);
    return take(view, rules, d, s, l);
  }

  @Override
  public int observe(
      VoxelView view,
      VoxelRules rules,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer pixelLabels) {
    Shape shape = Shape.of(view.height(), view.width());
    CudaBuffer.require(depthM, ElementType.F32, shape);
    CudaBuffer.require(stdM, ElementType.F32, shape);
    CudaBuffer.require(pixelLabels, ElementType.U8, shape);
    stream.bind();
    return take(
        view, rules, CudaBuffer.live(depthM), CudaBuffer.live(stdM), CudaBuffer.live(pixelLabels));
  }

  private int take(VoxelView view, VoxelRules rules, CudaBuffer d, CudaBuffer s, CudaBuffer l) {
    FrustumBox around = FrustumBox.of(view, rules);
    int width = view.width();
    int height = view.height();
    int rows = height + 2 * PAD;
    int stride = width + 2 * PAD;
    CudaBuffer h = hit.bytes(width * height);
    CudaBuffer limit = limits.words(LEVELS * rows, stride, 1);
    CudaBuffer miss = misses.bytes(LEVELS * rows * stride);
    readPixels(view, rules, d, s, l, limit, miss, h);
    CudaBuffer verdict = judge(view, around, limit, miss);
    CudaBuffer slot = slots.words(1, around.cells(), 1);
    stream.fill(slot, -1);
    ends(markEnds, view, around, d, s, h).with(slot).overPixels(width, height);
    CudaBuffer listed = cells.words(1, around.cells(), 1);
    int hitBlocks = list(around.cells(), verdict, slot, listed);
    CudaBuffer gathered = hits.words(Math.max(1, hitBlocks), BLOCK_VOXELS, 1);
    stream.fill(gathered, 0);
    ends(gatherEnds, view, around, d, s, h).with(slot).with(gathered).overPixels(width, height);
    box = around;
    observation =
        new Observation(view, rules, around, limit, miss, verdict, slot, listed, gathered);
    return blocks;
  }

  private void readPixels(
      VoxelView view,
      VoxelRules rules,
      CudaBuffer d,
      CudaBuffer s,
      CudaBuffer l,
      CudaBuffer limit,
      CudaBuffer miss,
      CudaBuffer h) {
    int rows = view.height() + 2 * PAD;
    int stride = view.width() + 2 * PAD;
    stream
        .launch(pixelEvidence)
        .with(d)
        .with(s)
        .with(l)
        .with(view.width())
        .with(view.height())
        .with((float) rules.maxRelativeStd())
        .with((float) rules.carveSigmas())
        .with(rules.maxRangeM())
        .with(rules.voxelSizeM())
        .with(rules.hit())
        .with(rules.miss())
        .with(limit)
        .with(miss)
        .with(h)
        .overPixels(stride, rows);
    long size = (long) stride * rows;
    for (int level = 1; level < LEVELS; level++) {
      stream
          .launch(windowExtremes)
          .at(limit, 4 * (level - 1) * size)
          .at(miss, (level - 1) * size)
          .at(limit, 4 * level * size)
          .at(miss, level * size)
          .with(stride)
          .with(rows)
          .with(1 << (level - 1))
          .overPixels(stride, rows);
    }
  }

  private CudaBuffer judge(VoxelView view, FrustumBox around, CudaBuffer limit, CudaBuffer miss) {
    int tilesX = (view.width() + TILE - 1) / TILE;
    int tilesY = (view.height() + TILE - 1) / TILE;
    CudaBuffer tile = tiles.words(tilesY, tilesX, 4);
    stream
        .launch(tileExtremes)
        .with(limit)
        .with(miss)
        .with(view.width())
        .with(view.height())
        .with(tilesX)
        .with(tilesY)
        .with(tile)
        .over(tilesX * tilesY);
    CudaBuffer verdict = verdicts.bytes(around.cells());
    stream
        .launch(judgeBlocks)
        .with(around.pose())
        .with(around.camera())
        .with(around.box())
        .with(tile)
        .with(tilesX)
        .with(tilesY)
        .with(view.width())
        .with(view.height())
        .with(verdict)
        .over(around.cells());
    return verdict;
  }

  private CudaLaunch ends(
      CudaFunction kernel,
      VoxelView view,
      FrustumBox around,
      CudaBuffer d,
      CudaBuffer s,
      CudaBuffer h) {
    return stream
        .launch(kernel)
        .with(around.pose())
        .with(around.camera())
        .with(around.box())
        .with(d)
        .with(s)
        .with(h)
        .with(view.width())
        .with(view.height());
  }

  /** Fills the list of blocks and returns how many of them have hits. */
  private int list(int cellCount, CudaBuffer verdict, CudaBuffer slot, CudaBuffer listed) {
    int stretches = (cellCount + CELLS_PER_BLOCK - 1) / CELLS_PER_BLOCK;
    CudaBuffer count = counts.words(stretches + 1, 1, 2);
    stream
        .launch(countBlocks)
        .with(verdict)
        .with(slot)
        .with(cellCount)
        .with(count)
        .blocks(stretches, 1, THREADS);
    stream.launch(numberStretches).with(count).with(stretches).blocks(1, 1, THREADS);
    stream
        .launch(listBlocks)
        .with(verdict)
        .with(slot)
        .with(cellCount)
        .with(count)
        .with(listed)
        .blocks(stretches, 1, THREADS);
    int values = 2 * (stretches + 1);
    if (hostCounts.length < values) {
      hostCounts = new int[values];
    }
    fetchedCells = Math.min(cellCount, MAX_FETCHED_CELLS);
    if (hostCells.length < fetchedCells) {
      hostCells = new int[fetchedCells];
    }
    stream.fetch(count, hostCounts, values);
    stream.fetch(listed, hostCells, fetchedCells);
    stream.synchronize();
    blocks = hostCounts[values - 2];
    return hostCounts[values - 1];
  }

  @Override
  public void blockCoordinates(int[] xyz) {
    FrustumBox around = box;
    if (around == null || blocks == 0) {
      return;
    }
    if (fetchedCells < blocks) {
      hostCells = hostCells.length < blocks ? new int[blocks + blocks / 4] : hostCells;
      stream.fetch(cells.words(1, around.cells(), 1), hostCells, blocks);
      stream.synchronize();
    }
    for (int i = 0; i < blocks; i++) {
      for (int axis = 0; axis < 3; axis++) {
        xyz[3 * i + axis] = around.block(hostCells[i], axis);
      }
    }
  }

  @Override
  public void update(byte[][] logOdds, boolean[] changed) {
    Observation seen = observation;
    if (seen == null) {
      throw new IllegalStateException("Nothing observed: call observe once before each update");
    }
    observation = null;
    if (blocks == 0) {
      return;
    }
    stream.bind();
    CudaBuffer odds = voxels.bytes(blocks * BLOCK_VOXELS);
    CudaBuffer flags = changes.bytes(blocks);
    stream.uploadRows(logOdds, blocks, BLOCK_VOXELS, odds);
    stream
        .launch(updateBlocks)
        .with(seen.box().pose())
        .with(seen.box().camera())
        .with(seen.box().box())
        .with(seen.limits())
        .with(seen.misses())
        .with(seen.view().width())
        .with(seen.view().height())
        .with(seen.verdicts())
        .with(seen.slots())
        .with(seen.cells())
        .with(seen.hits())
        .with(seen.rules().min())
        .with(seen.rules().max())
        .with(odds)
        .with(flags)
        .blocks(blocks, 1, THREADS);
    if (hostChanges.length < blocks) {
      hostChanges = new byte[blocks + blocks / 4];
    }
    stream.fetch(flags, hostChanges, blocks);
    stream.fetchRows(odds, blocks, BLOCK_VOXELS, logOdds);
    stream.synchronize();
    for (int i = 0; i < blocks; i++) {
      changed[i] = hostChanges[i] != 0;
    }
  }

  @Override
  public void close() {
    for (Scratch scratch :
        new Scratch[] {
          depth, std, labels, limits, misses, hit, tiles, verdicts, slots, counts, cells, hits,
          voxels, changes
        }) {
      scratch.close();
    }
  }
}
