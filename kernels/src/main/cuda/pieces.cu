// From which cells move to which things do: surfaces of like flow are grown, pieces that move in part
// are taken whole, what is undecided goes with its surroundings, and the rim of each thing is given
// back to the resting surface it belongs to. The method and its constants are those of MotionVerdict,
// MovingPieces and MovingRim; everything but the rim is comparisons and counts, so the same to the
// bit. Bytes are counted per cell of 2x2 grid pixels.
//
// Pieces are labelled by union-find (Playne and Hawick 2018): each cell's label leads to a smaller
// one of its piece, in the end to the smallest, whatever the order of the threads.
#include "cells.cuh"

namespace {
/** What is counted of a piece, at the cell that its label names. */
struct Piece {
  int size, moving, resting;
};

__device__ __forceinline__ int rootOf(const int* labels, int i) {
  const volatile int* now = labels;
  for (int next = now[i]; next != i; next = now[i]) i = next;
  return i;
}

/** Makes two pieces one. */
__device__ __forceinline__ void unite(int* labels, int a, int b) {
  while (true) {
    a = rootOf(labels, a);
    b = rootOf(labels, b);
    if (a == b) return;
    int larger = max(a, b), smaller = min(a, b);
    int was = atomicMin(&labels[larger], smaller);
    if (was == larger) return;
    a = was;  // another thread was first: go on from where it led to
    b = smaller;
  }
}

__device__ __forceinline__ bool isAlike(const Surface& a, const Surface& b) {
  return flowStep(a, b) < 1.5f;
}

/** Whether two neighbours are of one piece. Where depth is unknown, flow alone parts pieces. */
__device__ __forceinline__ bool isSmooth(const Surface& a, const Surface& b) {
  return flowStep(a, b) <= 0.5f && !(fabsf(a.w - b.w) > 0.08f * minOrNan(a.w, b.w));
}

__device__ __forceinline__ bool isDecided(u8 flags, const Surface& s) {
  return (flags & CLOSES) && !isNan(s.w);
}

/** A larger share of the picture is the scene, not a thing in it. */
__device__ __forceinline__ bool isThing(const Piece& piece, const Cells& c) {
  return piece.size < 0.2f * (c.width * c.height);
}

/** With less known depth than this one mistake could spread over all and never end. */
__device__ __forceinline__ bool isEnoughKnown(const int* known, const Cells& c) {
  return !(*known < 0.5f * (c.width * c.height));
}
}  // namespace

// Every cell a piece of its own, with nothing counted. 16 B written.
PARALLAX_KERNEL(lone_pieces, int* labels, Piece* pieces, int cells) {
  int i = indexOfThread();
  if (i >= cells) return;
  labels[i] = i;
  pieces[i] = {0, 0, 0};
}

// Joins cells that motion may grow over. 17 B read, 4 B changed.
PARALLAX_KERNEL(join_growing, Cells c, const Surface* surfaces, const u8* flags, int* labels) {
  int i = indexOfThread();
  if (i >= c.width * c.height || !(flags[i] & GROWS)) return;
  for (int side = 0; side <= 2; side += 2) {
    int j = neighbour(c, i, side);
    if (j >= 0 && (flags[j] & GROWS) && isAlike(surfaces[i], surfaces[j])) unite(labels, i, j);
  }
}

// Counts the cells of a growing piece that move or border on a moving cell of like flow.
// 22 B read, 4 B written, 4 B changed.
PARALLAX_KERNEL(count_growing, Cells c, const Surface* surfaces, const u8* flags, const u8* moves,
                int* labels, Piece* pieces) {
  int i = indexOfThread();
  if (i >= c.width * c.height || !(flags[i] & GROWS)) return;
  int root = rootOf(labels, i);
  labels[i] = root;
  bool begins = moves[i];
  for (int side = 0; side < 4 && !begins; side++) {
    int j = neighbour(c, i, side);
    begins = j >= 0 && moves[j] && isAlike(surfaces[i], surfaces[j]);
  }
  if (begins) atomicAdd(&pieces[root].moving, 1);
}

// Lets the growing pieces move in which motion begins. 5 B and a gather of 4 B read, 1 B written.
PARALLAX_KERNEL(grow_motion, const u8* flags, const int* labels, const Piece* pieces, u8* moves,
                int cells) {
  int i = indexOfThread();
  if (i >= cells || !(flags[i] & GROWS)) return;
  if (pieces[labels[i]].moving > 0) moves[i] = 1;
}

// Joins neighbours of smooth flow and smooth depth. 16 B read, 4 B changed.
PARALLAX_KERNEL(join_smooth, Cells c, const Surface* surfaces, int* labels) {
  int i = indexOfThread();
  if (i >= c.width * c.height) return;
  for (int side = 0; side <= 2; side += 2) {
    int j = neighbour(c, i, side);
    if (j >= 0 && isSmooth(surfaces[i], surfaces[j])) unite(labels, i, j);
  }
}

// How large a piece is and how much of it moves. 5 B read, 4 B written, 8 B changed.
PARALLAX_KERNEL(count_moving, const u8* moves, int* labels, Piece* pieces, int cells) {
  int i = indexOfThread();
  if (i >= cells) return;
  int root = rootOf(labels, i);
  labels[i] = root;
  atomicAdd(&pieces[root].size, 1);
  if (moves[i]) atomicAdd(&pieces[root].moving, 1);
}

// Lets a small piece of which enough moves move as a whole. 5 B and a gather of 12 B read, 1 B
// written.
PARALLAX_KERNEL(complete_pieces, Cells c, const int* known, const int* labels, const Piece* pieces,
                u8* moves) {
  int i = indexOfThread();
  if (i >= c.width * c.height || !isEnoughKnown(known, c)) return;
  Piece piece = pieces[labels[i]];
  if (isThing(piece, c) && piece.moving > 0.15f * piece.size) moves[i] = 1;
}

namespace {
/** Whether nothing is known of a cell: its flow leaves the picture, or it has no depth. */
__device__ __forceinline__ bool isGap(const Surface* surfaces, const u8* flags, const u8* moves,
                                      int i) {
  return !moves[i] && !isDecided(flags[i], surfaces[i]);
}
}  // namespace

// Joins undecided cells. 18 B read, 4 B changed.
PARALLAX_KERNEL(join_gaps, Cells c, const Surface* surfaces, const u8* flags, const u8* moves,
                int* labels) {
  int i = indexOfThread();
  if (i >= c.width * c.height || !isGap(surfaces, flags, moves, i)) return;
  for (int side = 0; side <= 2; side += 2) {
    int j = neighbour(c, i, side);
    if (j >= 0 && isGap(surfaces, flags, moves, j)) unite(labels, i, j);
  }
}

// How large a gap is and what surrounds it. 22 B read, 4 B written, 12 B changed.
PARALLAX_KERNEL(count_surroundings, Cells c, const Surface* surfaces, const u8* flags,
                const u8* moves, int* labels, Piece* pieces) {
  int i = indexOfThread();
  if (i >= c.width * c.height || !isGap(surfaces, flags, moves, i)) return;
  int root = rootOf(labels, i);
  labels[i] = root;
  int moving = 0, resting = 0;
  for (int side = 0; side < 4; side++) {
    int j = neighbour(c, i, side);
    if (j < 0 || isGap(surfaces, flags, moves, j)) continue;
    moving += moves[j];
    resting += !moves[j];
  }
  atomicAdd(&pieces[root].size, 1);
  if (moving > 0) atomicAdd(&pieces[root].moving, moving);
  if (resting > 0) atomicAdd(&pieces[root].resting, resting);
}

// Lets gaps move that lie among what moves, and begins the search for rims: which cells move (into
// another array, for gaps are told by it) and their inverse depth.
// 22 B and a gather of 12 B read, 5 B written.
PARALLAX_KERNEL(fill_gaps, Cells c, const int* known, const Surface* surfaces, const u8* flags,
                const u8* moves, const int* labels, const Piece* pieces, u8* filled,
                float* inverseDepth) {
  int i = indexOfThread();
  if (i >= c.width * c.height) return;
  u8 fills = moves[i];
  if (isEnoughKnown(known, c) && isGap(surfaces, flags, moves, i)) {
    Piece gap = pieces[labels[i]];
    fills = isThing(gap, c) && gap.moving > 0.65f * (gap.moving + gap.resting);
  }
  filled[i] = fills;
  inverseDepth[i] = surfaces[i].w;
}

namespace {
const int RIM_RADIUS = 3;  // small, so that a patch on the rim sees little else
}  // namespace

// One step inwards from the rim: a moving cell that borders on a resting surface and would look as
// alike as part of it becomes part of it. 26 B read, 5 B written; at the rim, patches of 16 pixels.
PARALLAX_KERNEL(trim_rim, Grid g, Motion t, float fx, float fy, const float* slopeX,
                const float* slopeY, Cells c, const u8* current, const u8* previous,
                const Surface* surfaces, const u8* moves, const float* inverseDepth, u8* trimmed, float* trimmedDepth) {
  Pixel p = pixelOfThread();
  if (p.u >= c.width || p.v >= c.height) return;
  int i = p.v * c.width + p.u;
  u8 moving = moves[i];
  float r = inverseDepth[i];
  if (moving) {
    Pictures pictures = {current, previous, g.pictureWidth, g.pictureHeight};
    int u = p.u * CELL, v = p.v * CELL;
    float x = slopeX[u], y = slopeY[v];
    float bound = notANumber();  // of the moving patch's difference, looked at where needed
    for (int side = 0; side < 4; side++) {
      int j = neighbour(c, i, side);
      if (j < 0 || moves[j] || isNan(inverseDepth[j])) continue;
      if (isNan(bound)) {
        bound = patchDifference(pictures, RIM_RADIUS, u * g.stride, v * g.stride, surfaces[i].x,
                                surfaces[i].y);
      }
      Vector q = apply(t, x, y, inverseDepth[j]);
      if (!(q.z > MIN_FORWARD)) continue;
      float resting = patchDifference(pictures, RIM_RADIUS, u * g.stride, v * g.stride,
                                      fx * (q.x / q.z - x), fy * (q.y / q.z - y));
      if (resting <= bound) {
        r = inverseDepth[j];
        bound = resting;
        moving = 0;
      }
    }
  }
  trimmed[i] = moving;
  trimmedDepth[i] = r;
}

// From cells to grid pixels: 1 where a point moves, else 0. 0.25 B read, 4 B written a grid pixel.
PARALLAX_KERNEL(spread_motion, Grid g, Cells c, const u8* moves, float* motion) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  motion[p.v * g.width + p.u] = moves[p.v / CELL * c.width + p.u / CELL] ? 1 : 0;
}
