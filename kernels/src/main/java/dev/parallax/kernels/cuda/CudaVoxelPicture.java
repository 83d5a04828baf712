package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.ElementType;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;

/**
 * What one depth picture says of blocks of voxels, and the list of those it may change, on the GPU:
 * the first half of {@code voxel.cu}. Nothing here waits.
 */
final class CudaVoxelPicture implements AutoCloseable {
  private static final int PAD = 16;
  private static final int LEVELS = 5;
  private static final int TILE = 8;
  private static final int CELLS_PER_BLOCK = 1024;
  private static final int THREADS = 256;

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

  /**
   * What was read; valid until the next picture.
   *
   * @param depth the picture, with its std
   * @param hit how strongly each pixel's end is occupied
   * @param limits up to where each ray is free, padded, in levels of widening windows
   * @param misses how strongly, likewise
   * @param verdicts of each cell of the box
   * @param slots of each cell, its number among those with hits
   * @param cells the list: the cell of each block
   * @param counts the length of the list and how many of it have hits, from {@code listedAt} on
   * @param listedAt bytes
   */
  record Seen(
      VoxelView view,
      VoxelRules rules,
      FrustumBox box,
      CudaBuffer depth,
      CudaBuffer std,
      CudaBuffer hit,
      CudaBuffer limits,
      CudaBuffer misses,
      CudaBuffer verdicts,
      CudaBuffer slots,
      CudaBuffer cells,
      CudaBuffer counts,
      long listedAt) {}

  CudaVoxelPicture(CudaDevice device, CudaStream stream) {
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
  }

  Seen read(VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] pixelLabels) {
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

  Seen read(
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

  private Seen take(VoxelView view, VoxelRules rules, CudaBuffer d, CudaBuffer s, CudaBuffer l) {
    FrustumBox around = FrustumBox.of(view, rules);
    int width = view.width();
    int height = view.height();
    int rows = height + 2 * PAD;
    int stride = width + 2 * PAD;
    int stretches = (around.cells() + CELLS_PER_BLOCK - 1) / CELLS_PER_BLOCK;
    Seen seen =
        new Seen(
            view,
            rules,
            around,
            d,
            s,
            hit.bytes(width * height),
            limits.words(LEVELS * rows, stride, 1),
            misses.bytes(LEVELS * rows * stride),
            verdicts.bytes(around.cells()),
            slots.words(1, around.cells(), 1),
            cells.words(1, around.cells(), 1),
            counts.words(stretches + 1, 1, 2),
            8L * stretches);
    readPixels(view, rules, d, s, l, seen.limits(), seen.misses(), seen.hit());
    judge(view, around, seen.limits(), seen.misses(), seen.verdicts());
    stream.fill(seen.slots(), -1);
    ends(markEnds, seen).with(seen.slots()).overPixels(width, height);
    list(seen, stretches);
    return seen;
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

  private void judge(
      VoxelView view, FrustumBox around, CudaBuffer limit, CudaBuffer miss, CudaBuffer verdict) {
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
  }

  private CudaLaunch ends(CudaFunction kernel, Seen seen) {
    return stream
        .launch(kernel)
        .with(seen.box().pose())
        .with(seen.box().camera())
        .with(seen.box().box())
        .with(seen.depth())
        .with(seen.std())
        .with(seen.hit())
        .with(seen.view().width())
        .with(seen.view().height());
  }

  private void list(Seen seen, int stretches) {
    int cellCount = seen.box().cells();
    stream
        .launch(countBlocks)
        .with(seen.verdicts())
        .with(seen.slots())
        .with(cellCount)
        .with(seen.counts())
        .blocks(stretches, 1, THREADS);
    stream.launch(numberStretches).with(seen.counts()).with(stretches).blocks(1, 1, THREADS);
    stream
        .launch(listBlocks)
        .with(seen.verdicts())
        .with(seen.slots())
        .with(cellCount)
        .with(seen.counts())
        .with(seen.cells())
        .blocks(stretches, 1, THREADS);
  }

  /**
   * Gathers the hits of the blocks that have some.
   *
   * @param answer whether there is room for them
   * @param hits {@code [n 512]} 32-bit, zero
   */
  void gather(Seen seen, CudaBuffer answer, CudaBuffer hits) {
    ends(gatherEnds, seen)
        .with(seen.slots())
        .with(answer)
        .with(hits)
        .overPixels(seen.view().width(), seen.view().height());
  }

  @Override
  public void close() {
    for (Scratch scratch :
        new Scratch[] {
          depth, std, labels, limits, misses, hit, tiles, verdicts, slots, counts, cells
        }) {
      scratch.close();
    }
  }
}
