package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import dev.parallax.kernels.cuda.CudaVoxelPicture.Seen;

/**
 * Takes depth pictures into a map whose copy lies on the GPU, see {@link CudaBlocks}; what changed
 * comes down and goes into the caller's map.
 *
 * <p>One wait a picture: how many blocks it may change and how many it did is known only
 * afterwards, so that memory, launches and copies are made for a little more than the pictures
 * before took. If that was too little the kernels change nothing, and the second half is done again
 * with more.
 */
final class CudaVoxelIntegrator implements VoxelIntegrator {
  private static final int THREADS = 256;
  private static final int ROW_WORDS = VoxelKernels.BLOCK_VOXELS / 4;

  // The structure Answer of voxel.cu.
  private static final int BLOCKS = 0;
  private static final int HIT_BLOCKS = 1;
  private static final int FITS = 2;
  private static final int CHANGED = 3;
  private static final int ANSWER = 4;

  private final CudaStream stream;
  private final CudaVoxelPicture picture;
  private final VoxelBlocks map;
  private final CudaBlocks copy;
  private final CudaFunction checkRoom;
  private final CudaFunction updateBlocks;
  private final CudaFunction numberChanged;
  private final CudaFunction packChanged;

  private final Scratch answers = new Scratch();
  private final Scratch hits = new Scratch();
  private final Scratch changes = new Scratch();
  private final Scratch places = new Scratch();
  private final Scratch slotOfBlock = new Scratch();
  private final Scratch changedCells = new Scratch();
  private final Scratch packed = new Scratch();

  // Room for so many, and how many changed blocks are fetched at once.
  private int maxBlocks = 256;
  private int maxHitBlocks = 64;
  private int fetched = 64;

  private final int[] answer = new int[ANSWER];
  private int[] cells = new int[0];
  private byte[] rows = new byte[0];
  private int[] changedXyz = new int[0];

  CudaVoxelIntegrator(
      CudaDevice device, CudaStream stream, CudaVoxelPicture picture, VoxelBlocks map) {
    this.stream = stream;
    this.picture = picture;
    this.map = map;
    copy = new CudaBlocks(device, stream, map);
    checkRoom = device.function("check_room");
    updateBlocks = device.function("update_blocks");
    numberChanged = device.function("number_changed");
    packChanged = device.function("pack_changed");
  }

  @Override
  public int integrate(
      VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels) {
    return update(picture.read(view, rules, depthM, stdM, labels));
  }

  @Override
  public int integrate(
      VoxelView view,
      VoxelRules rules,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer labels) {
    return update(picture.read(view, rules, depthM, stdM, labels));
  }

  private int update(Seen seen) {
    copy.prepare(map.size() + maxBlocks);
    queue(seen);
    fetch();
    while (answer[FITS] == 0) {
      maxBlocks = Math.max(maxBlocks, withSpare(answer[BLOCKS]));
      maxHitBlocks = Math.max(maxHitBlocks, withSpare(answer[HIT_BLOCKS]));
      copy.prepare(map.size() + maxBlocks);
      queue(seen);
      fetch();
    }
    int changed = answer[CHANGED];
    boolean isAllThere = changed <= fetched;
    // Follows what changes: up at once, down slowly.
    fetched = Math.min(Math.max(fetched - fetched / 16, withSpare(changed)), maxBlocks);
    if (!isAllThere) {
      fetch();
    }
    apply(seen.box(), changed);
    return changed;
  }

  private static int withSpare(int count) {
    return count + count / 4;
  }

  private void queue(Seen seen) {
    CudaBuffer said = answers.words(1, ANSWER, 1);
    CudaBuffer gathered = hits.words(maxHitBlocks, VoxelKernels.BLOCK_VOXELS, 1);
    CudaBuffer flags = changes.bytes(maxBlocks);
    CudaBuffer place = places.words(1, maxBlocks, 1);
    CudaBuffer slot = slotOfBlock.words(1, maxBlocks, 1);
    stream
        .launch(checkRoom)
        .at(seen.counts(), seen.listedAt())
        .with(copy.taken())
        .with(maxBlocks)
        .with(maxHitBlocks)
        .with(copy.slots())
        .with(said)
        .over(1);
    stream.fill(gathered, 0);
    picture.gather(seen, said, gathered);
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
        .with(gathered)
        .with(seen.rules().min())
        .with(seen.rules().max())
        .with(said)
        .with(copy.structure())
        .with(flags)
        .with(slot)
        .blocks(maxBlocks, 1, THREADS);
    stream.launch(numberChanged).with(flags).with(place).with(said).blocks(1, 1, THREADS);
    stream
        .launch(packChanged)
        .with(flags)
        .with(place)
        .with(slot)
        .with(seen.cells())
        .with(said)
        .with(copy.rows())
        .with(changedCells.words(1, maxBlocks, 1))
        .with(packed.words(maxBlocks, ROW_WORDS, 1))
        .blocks(maxBlocks, 1, ROW_WORDS);
  }

  /** Fetches the answer and the first changed blocks, and waits. */
  private void fetch() {
    if (cells.length < fetched) {
      cells = new int[fetched];
      rows = new byte[fetched * VoxelKernels.BLOCK_VOXELS];
    }
    stream.fetch(answers.words(1, ANSWER, 1), answer, ANSWER);
    stream.fetch(changedCells.words(1, maxBlocks, 1), cells, fetched);
    stream.fetch(packed.words(maxBlocks, ROW_WORDS, 1), rows, fetched * VoxelKernels.BLOCK_VOXELS);
    stream.finishFetches();
  }

  private void apply(FrustumBox box, int changed) {
    if (changedXyz.length < 3 * changed) {
      changedXyz = new int[3 * withSpare(changed)];
    }
    for (int i = 0; i < changed; i++) {
      for (int axis = 0; axis < 3; axis++) {
        changedXyz[3 * i + axis] = box.block(cells[i], axis);
      }
      int x = changedXyz[3 * i];
      int y = changedXyz[3 * i + 1];
      int z = changedXyz[3 * i + 2];
      byte[] row = map.row(x, y, z);
      if (row == null) {
        row = new byte[VoxelKernels.BLOCK_VOXELS];
        map.insert(x, y, z, row);
      }
      System.arraycopy(rows, i * VoxelKernels.BLOCK_VOXELS, row, 0, VoxelKernels.BLOCK_VOXELS);
    }
  }

  @Override
  public void changedBlocks(int[] xyz) {
    System.arraycopy(changedXyz, 0, xyz, 0, 3 * answer[CHANGED]);
  }

  @Override
  public void forget(int[] xyz, int n) {
    copy.drop(xyz, n);
  }

  @Override
  public void reload() {
    copy.forgetAll();
  }

  @Override
  public void close() {
    stream.bind();
    copy.close();
    for (Scratch scratch :
        new Scratch[] {answers, hits, changes, places, slotOfBlock, changedCells, packed}) {
      scratch.close();
    }
  }
}
