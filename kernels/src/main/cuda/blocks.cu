// Keeping the device's copy of the map like the host's: emptied, filled, and rid of blocks that the
// host gave up. What a picture changes is done in voxel.cu.
#include "blocks.cuh"

// An empty map. 8 B written a place, 12 B a slot.
PARALLAX_KERNEL(empty_blocks, Blocks blocks, int slots) {
  int i = indexOfThread();
  if (i == 0) *blocks.taken = 0;
  if (i <= blocks.mask) blocks.keys[i] = NO_KEY;
  if (i >= slots) return;
  blocks.keyOfSlot[i] = NO_KEY;
  blocks.freeSlots[i] = i;
}

// Puts blocks in that are not there. One block of 128 threads each: 524 B read, 524 B written.
PARALLAX_BLOCK_KERNEL(put_blocks, Blocks blocks, const int* xyz, const int* rows) {
  __shared__ int slot;
  const int* at = xyz + 3 * blockIdx.x;
  if (threadIdx.x == 0) slot = takeSlot(blocks, keyOf(at[0], at[1], at[2]));
  __syncthreads();
  const int words = BLOCK_VOXELS / 4;
  ((int*)blocks.rows)[(long long)slot * words + threadIdx.x] = rows[blockIdx.x * words + threadIdx.x];
}

// Takes blocks out, each once; the table has to be made anew. 12 B read, 12 B written a block.
PARALLAX_KERNEL(drop_blocks, Blocks blocks, const int* xyz, int count) {
  int i = indexOfThread();
  if (i >= count) return;
  int slot = slotOf(blocks, keyOf(xyz[3 * i], xyz[3 * i + 1], xyz[3 * i + 2]));
  if (slot == NO_SLOT) return;
  blocks.keyOfSlot[slot] = NO_KEY;
  blocks.freeSlots[atomicAdd(blocks.taken, -1) - 1] = slot;
}

// Makes the table anew; its keys must all be NO_KEY. 8 B read, 12 B written a slot.
PARALLAX_KERNEL(enter_blocks, Blocks blocks, int slots) {
  int slot = indexOfThread();
  if (slot < slots && blocks.keyOfSlot[slot] != NO_KEY) enter(blocks, blocks.keyOfSlot[slot], slot);
}
