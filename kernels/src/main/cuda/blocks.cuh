// The map's blocks on the device: 512 log-odds each, in slots that a hash of their coordinates finds.
#pragma once
#include "parallax.cuh"

/**
 * An open table of keys with linear probing, at most half full, that leads to slots. Blocks are taken
 * out only when nothing else goes on, and the table is made anew then, so that it has no gaps.
 */
struct Blocks {
  u64* keys;         // of the table's places
  int* slotOfPlace;
  u64* keyOfSlot;
  int* freeSlots;    // from the taken'th on, slots that hold no block
  int* taken;
  signed char* rows;
  long long mask;    // places less one, a power of two less one
};

namespace {
const int EDGE = 8;
const int BLOCK_VOXELS = EDGE * EDGE * EDGE;
const int UNOBSERVED = -128;
const int NO_SLOT = -1;
const u64 NO_KEY = ~0ull;

/** Block coordinates in 21 signed bits each, z highest. */
__device__ __forceinline__ u64 keyOf(int x, int y, int z) {
  const u64 mask = (1 << 21) - 1;
  return ((u64)z & mask) << 42 | ((u64)y & mask) << 21 | ((u64)x & mask);
}

/** Where a key's search begins: the finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
__device__ __forceinline__ long long homeOf(u64 key, long long mask) {
  u64 h = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ull;
  h = (h ^ (h >> 27)) * 0x94d049bb133111ebull;
  return (long long)(h ^ (h >> 31)) & mask;
}

/** Slot of a block, or NO_SLOT. Others may be put in meanwhile, this one not. */
__device__ __forceinline__ int slotOf(const Blocks& blocks, u64 key) {
  const volatile u64* keys = blocks.keys;
  for (long long place = homeOf(key, blocks.mask);; place = (place + 1) & blocks.mask) {
    u64 there = keys[place];
    if (there == key) return blocks.slotOfPlace[place];
    if (there == NO_KEY) return NO_SLOT;
  }
}

/** Lets the table lead to a block that it does not know. */
__device__ __forceinline__ void enter(const Blocks& blocks, u64 key, int slot) {
  long long place = homeOf(key, blocks.mask);
  while (atomicCAS(&blocks.keys[place], NO_KEY, key) != NO_KEY) place = (place + 1) & blocks.mask;
  blocks.slotOfPlace[place] = slot;
}

/** A slot for a block that is not there; which one is up to chance, and nothing depends on it. */
__device__ __forceinline__ int takeSlot(const Blocks& blocks, u64 key) {
  int slot = blocks.freeSlots[atomicAdd(blocks.taken, 1)];
  blocks.keyOfSlot[slot] = key;
  enter(blocks, key, slot);
  return slot;
}
}  // namespace
