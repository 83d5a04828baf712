package dev.parallax.kernels.cuda;

import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelKernels;

/**
 * A copy of a map's blocks on the GPU, found by a hash of their coordinates: {@code blocks.cuh}.
 * The kernels add to it; whatever else the map's owner does is done here. Nothing here waits.
 */
final class CudaBlocks implements AutoCloseable {
  private static final int FIRST_SLOTS = 1024;
  private static final int PLACES_A_SLOT = 2;
  private static final int CHUNK = 4096;
  private static final int COPY_THREADS = VoxelKernels.BLOCK_VOXELS / 4;

  private final CudaStream stream;
  private final VoxelBlocks map;
  private final CudaFunction empty;
  private final CudaFunction put;
  private final CudaFunction drop;
  private final CudaFunction enter;
  private final Scratch keys = new Scratch();
  private final Scratch slotOfPlace = new Scratch();
  private final Scratch keyOfSlot = new Scratch();
  private final Scratch freeSlots = new Scratch();
  private final Scratch taken = new Scratch();
  private final Scratch rows = new Scratch();
  private final Scratch listed = new Scratch();
  private final Scratch sent = new Scratch();

  private final int[] chunkXyz = new int[3 * CHUNK];
  private final byte[][] chunkRows = new byte[CHUNK][];
  private final long[] structure = new long[7];
  private int chunk;
  private int slots;
  private boolean isLoaded;

  CudaBlocks(CudaDevice device, CudaStream stream, VoxelBlocks map) {
    this.stream = stream;
    this.map = map;
    empty = device.function("empty_blocks");
    put = device.function("put_blocks");
    drop = device.function("drop_blocks");
    enter = device.function("enter_blocks");
  }

  /** How many blocks there is room for. */
  int slots() {
    return slots;
  }

  /** {@code [1]} how many slots are taken. */
  CudaBuffer taken() {
    return taken.words(1, 1, 1);
  }

  /** {@code [slots 512]} as 32-bit words. */
  CudaBuffer rows() {
    return rows.words(slots, COPY_THREADS, 1);
  }

  /** The structure {@code Blocks} that kernels take. */
  long[] structure() {
    return structure;
  }

  /** To be loaded from the map before it is used again. */
  void forgetAll() {
    isLoaded = false;
  }

  /** Makes it a copy of the map, if it is none, with room for so many blocks in all. */
  void prepare(int wanted) {
    if (isLoaded && wanted <= slots) {
      return;
    }
    stream.bind();
    isLoaded = false;
    slots = Math.max(slots, FIRST_SLOTS);
    while (slots < Math.max(wanted, map.size())) {
      slots = Math.multiplyExact(slots, 2);
    }
    int places = slots * PLACES_A_SLOT;
    structure[0] = keys.longs(places).at().value();
    structure[1] = slotOfPlace.words(1, places, 1).at().value();
    structure[2] = keyOfSlot.longs(slots).at().value();
    structure[3] = freeSlots.words(1, slots, 1).at().value();
    structure[4] = taken().at().value();
    structure[5] = rows().at().value();
    structure[6] = places - 1;
    stream.launch(empty).with(structure).with(slots).over(places);
    map.forEach(this::collect);
    sendChunk();
    isLoaded = true;
  }

  private void collect(int x, int y, int z, byte[] row) {
    chunkXyz[3 * chunk] = x;
    chunkXyz[3 * chunk + 1] = y;
    chunkXyz[3 * chunk + 2] = z;
    chunkRows[chunk++] = row;
    if (chunk == CHUNK) {
      sendChunk();
    }
  }

  private void sendChunk() {
    if (chunk > 0) {
      CudaBuffer xyz = listed.words(1, CHUNK, 3);
      CudaBuffer voxels = sent.words(CHUNK, COPY_THREADS, 1);
      stream.upload(chunkXyz, 3 * chunk, xyz);
      stream.uploadRows(chunkRows, chunk, VoxelKernels.BLOCK_VOXELS, voxels);
      stream.launch(put).with(structure).with(xyz).with(voxels).blocks(chunk, 1, COPY_THREADS);
      chunk = 0;
    }
  }

  /**
   * Takes blocks out.
   *
   * @param xyz {@code [n 3]} each once
   */
  void drop(int[] xyz, int n) {
    if (!isLoaded || n == 0) {
      return;
    }
    stream.bind();
    CudaBuffer at = listed.words(1, Math.max(n, CHUNK), 3);
    stream.upload(xyz, 3 * n, at);
    stream.launch(drop).with(structure).with(at).with(n).over(n);
    stream.fill(keys.longs(slots * PLACES_A_SLOT), -1);
    stream.launch(enter).with(structure).with(slots).over(slots);
  }

  @Override
  public void close() {
    for (Scratch scratch :
        new Scratch[] {keys, slotOfPlace, keyOfSlot, freeSlots, taken, rows, listed, sent}) {
      scratch.close();
    }
    slots = 0;
    isLoaded = false;
  }
}
