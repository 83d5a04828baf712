// Occupancy of blocks of 8x8x8 voxels from one depth picture. The method and its words are those of
// CpuVoxelKernels: evidence of pixels, extremes over windows and tiles, verdicts on whole blocks,
// ends of rays, then the update of the blocks found. Same arithmetic, so the same to the bit.
#include "blocks.cuh"

namespace {
const int TILE = 8;            // pixels
const int MAX_HALF_WINDOW = 15;
const int PAD = MAX_HALF_WINDOW + 1;
const int NO_LIMIT = 0x7f800000;  // bits of +Inf; limits are not negative, so their bits are in order
const int HIDDEN = -1;
const int MIXED = 0;

/** What a picture brings, as the host reads it. */
struct Answer {
  int blocks;   // that it may change
  int hitBlocks;
  int fits;     // whether there was room for them; if not, nothing was changed
  int changed;
};

/** The camera in odom, as the CPU's VoxelFrame has it. */
struct Pose {
  double r[9];  // odom from camera
  double t[3];
  double voxelM;
};

struct Camera {
  float fx, fy, cx, cy, nearM, farM, halfX, halfY, halfZ, footprintPxM;
};

/** The box of blocks around the frustum. */
struct Box {
  int first[3];
  int cells[3];
};

__device__ __forceinline__ float toCamera(const Pose& p, int axis, double x, double y, double z) {
  return (float)(p.r[axis] * (x - p.t[0]) + p.r[3 + axis] * (y - p.t[1]) +
                 p.r[6 + axis] * (z - p.t[2]));
}

__device__ __forceinline__ float inverseOf(float depth) {
  return depth > 0 ? 1 / depth : notANumber();
}

/** Whether a pixel hangs between a near and a far surface along a direction. */
__device__ __forceinline__ bool isOnStep(const float* depth, int pixel, int along) {
  float before = inverseOf(depth[pixel - along]), after = inverseOf(depth[pixel + along]);
  float here = inverseOf(depth[pixel]);
  float jump = fabsf(after - before);
  if (!(jump > 0.1f * here)) return false;
  bool between = (after - here) * (here - before) > 0;
  bool offBoth = minOrNan(fabsf(after - here), fabsf(here - before)) > 0.25f * jump;
  float outer = fabsf(inverseOf(depth[pixel - 2 * along]) - before) +
                fabsf(inverseOf(depth[pixel + 2 * along]) - after);
  return between && offBoth && outer < 0.25f * jump;
}

__device__ __forceinline__ float weightOf(float std, float d, float maxRelativeStd) {
  if (!(d > 0) || !(std >= 0) || !(std <= maxRelativeStd * d)) return 0;
  if (std <= 0.05f * d) return 1;
  return std <= 0.1f * d ? 0.5f : 0.25f;
}
}  // namespace

// What each pixel says: the depth its ray is free up to, how strongly, and how strongly its end is
// occupied. limit and miss are padded by 16 pixels on each side. 9 B read, 6 B written a pixel.
PARALLAX_KERNEL(pixel_evidence, const float* depth, const float* std, const u8* labels, int width,
                int height, float maxRelativeStd, float carveSigmas, double maxRangeM,
                double voxelSizeM, int hitStep, int missStep, int* limit, u8* miss, u8* hit) {
  Pixel p = pixelOfThread();
  int stride = width + 2 * PAD;
  if (p.u >= stride || p.v >= height + 2 * PAD) return;
  int at = p.v * stride + p.u, u = p.u - PAD, v = p.v - PAD;
  limit[at] = NO_LIMIT;
  miss[at] = 0;
  if (u < 0 || v < 0 || u >= width || v >= height) return;
  int pixel = v * width + u;
  hit[pixel] = 0;
  float d = depth[pixel];
  bool isStatic = labels[pixel] == 0;
  if (d == infinity()) {
    if (isStatic) {
      limit[at] = __float_as_int((float)maxRangeM);
      miss[at] = missStep;
    }
    return;
  }
  float s = std[pixel];
  float weight = weightOf(s, d, maxRelativeStd);
  if (weight == 0) return;
  bool isFlying = (u >= 2 && u < width - 2 && isOnStep(depth, pixel, 1)) ||
                  (v >= 2 && v < height - 2 && isOnStep(depth, pixel, width));
  if (isFlying) return;
  float free = d - carveSigmas * s;
  limit[at] = __float_as_int(fmaxf(0, fminf(free, (float)maxRangeM)));
  if (!isStatic) return;
  miss[at] = roundHalfUp(missStep * weight);
  if (d <= maxRangeM) {
    float spread = (float)voxelSizeM / (2 * s);
    float share = fmaxf(0.25f, fminf(1, spread));
    hit[pixel] = max(1, roundHalfUp(hitStep * weight * share));
  }
}

// The next level of the tables: extremes over windows twice as wide, from each position on.
// 5 B read, 5 B written a padded pixel.
PARALLAX_KERNEL(window_extremes, const int* limitFrom, const u8* missFrom, int* limitTo, u8* missTo,
                int stride, int rows, int shift) {
  Pixel p = pixelOfThread();
  if (p.u >= stride || p.v >= rows) return;
  int at = p.v * stride + p.u;
  bool hasRight = p.u + shift < stride, hasBelow = p.v + shift < rows;
  int least = limitFrom[at], most = missFrom[at];
  if (hasRight) {
    least = min(least, limitFrom[at + shift]);
    most = max(most, (int)missFrom[at + shift]);
  }
  if (hasBelow) {
    least = min(least, limitFrom[at + shift * stride]);
    most = max(most, (int)missFrom[at + shift * stride]);
  }
  if (hasRight && hasBelow) {
    least = min(least, limitFrom[at + shift * stride + shift]);
    most = max(most, (int)missFrom[at + shift * stride + shift]);
  }
  limitTo[at] = least;
  missTo[at] = most;
}

// Extremes over tiles of 8x8 pixels: (largest limit of those with weight, smallest limit, smallest
// miss, largest miss). 5 B read a pixel, 16 B written a tile.
PARALLAX_KERNEL(tile_extremes, const int* limit, const u8* miss, int width, int height, int tilesX,
                int tilesY, int4* tiles) {
  int tile = indexOfThread();
  if (tile >= tilesX * tilesY) return;
  int u0 = tile % tilesX * TILE, v0 = tile / tilesX * TILE;
  int maxLimit = 0, minLimit = NO_LIMIT, minMiss = 0x7fffffff, maxMiss = 0;
  for (int v = v0; v < min(v0 + TILE, height); v++) {
    for (int u = u0; u < min(u0 + TILE, width); u++) {
      int at = (v + PAD) * (width + 2 * PAD) + u + PAD;
      int l = limit[at], m = miss[at];
      minLimit = min(minLimit, l);
      minMiss = min(minMiss, m);
      maxMiss = max(maxMiss, m);
      if (m > 0) maxLimit = max(maxLimit, l);
    }
  }
  tiles[tile] = {maxLimit, minLimit, minMiss, maxMiss};
}

namespace {
__device__ __forceinline__ float least(float a, float near, float far) {
  return a >= 0 ? a / far : a / near;
}

__device__ __forceinline__ float most(float a, float near, float far) {
  return a >= 0 ? a / near : a / far;
}

__device__ __forceinline__ int tileOf(float pixel, int tiles) {
  return (int)fmaxf(0, fminf(tiles - 1, floorf(pixel / TILE)));
}

__device__ __forceinline__ int verdictOn(const Pose& pose, const Camera& c, const int4* tiles,
                                         int tilesX, int tilesY, int width, int height, int blockX,
                                         int blockY, int blockZ) {
  double edge = pose.voxelM * EDGE;
  double x = (blockX + 0.5) * edge, y = (blockY + 0.5) * edge, z = (blockZ + 0.5) * edge;
  float halfX = c.halfX * EDGE, halfY = c.halfY * EDGE, halfZ = c.halfZ * EDGE;
  float depth = toCamera(pose, 2, x, y, z);
  float firstCentre = depth - halfZ + c.halfZ, lastCentre = depth + halfZ - c.halfZ;
  if (lastCentre < c.nearM || firstCentre >= c.farM) return HIDDEN;
  float near = fmaxf(depth - halfZ, c.nearM / 2), far = depth + halfZ;
  float across = toCamera(pose, 0, x, y, z), down = toCamera(pose, 1, x, y, z);
  float left = c.fx * least(across - halfX, near, far) + c.cx;
  float right = c.fx * most(across + halfX, near, far) + c.cx;
  float top = c.fy * least(down - halfY, near, far) + c.cy;
  float bottom = c.fy * most(down + halfY, near, far) + c.cy;
  if (right < -1 || bottom < -1 || left > width || top > height) return HIDDEN;
  bool whole = firstCentre > c.nearM && left >= 0 && top >= 0 && right <= width - 1 &&
               bottom <= height - 1;
  int margin = 2 + min(MAX_HALF_WINDOW, (int)(c.footprintPxM / near + 1));
  int tileLeft = tileOf(left - margin, tilesX), tileRight = tileOf(right + margin, tilesX);
  int tileTop = tileOf(top - margin, tilesY), tileBottom = tileOf(bottom + margin, tilesY);
  int maxLimit = 0, minLimit = NO_LIMIT, minMiss = 0x7fffffff, maxMiss = 0;
  for (int ty = tileTop; ty <= tileBottom; ty++) {
    for (int tx = tileLeft; tx <= tileRight; tx++) {
      int4 tile = tiles[ty * tilesX + tx];
      maxLimit = max(maxLimit, tile.x);
      minLimit = min(minLimit, tile.y);
      minMiss = min(minMiss, tile.z);
      maxMiss = max(maxMiss, tile.w);
    }
  }
  float firstEnd = firstCentre + c.halfZ, lastEnd = whole ? lastCentre + c.halfZ : infinity();
  if (firstEnd * 0.999f >= __int_as_float(maxLimit)) return HIDDEN;
  bool uniform = minMiss == maxMiss && maxMiss > 0 && lastEnd * 1.001f < __int_as_float(minLimit);
  return uniform ? maxMiss : MIXED;
}
}  // namespace

// What the picture says of each whole block of the box. Reads some tiles, writes 1 B a block.
PARALLAX_KERNEL(judge_blocks, Pose pose, Camera camera, Box box, const int4* tiles, int tilesX,
                int tilesY, int width, int height, signed char* verdict) {
  int cell = indexOfThread();
  if (cell >= box.cells[0] * box.cells[1] * box.cells[2]) return;
  verdict[cell] = verdictOn(pose, camera, tiles, tilesX, tilesY, width, height,
                            box.first[0] + cell % box.cells[0],
                            box.first[1] + cell / box.cells[0] % box.cells[1],
                            box.first[2] + cell / (box.cells[0] * box.cells[1]));
}

namespace {
/** Where the ends of a pixel's ray lie: up to three, cell and voxel in its block. */
struct Ends {
  int count;
  int cell[3];
  int voxel[3];
};

__device__ __forceinline__ Ends endsOf(const Pose& pose, const Camera& c, const Box& box, int u,
                                       int v, float depth, float std) {
  const double* r = pose.r;
  double perVoxel = 1 / pose.voxelM;
  float y = (v - c.cy) / c.fy, x = (u - c.cx) / c.fx;
  float ax = (float)((r[1] * y + r[2]) * perVoxel), bx = (float)(r[0] * perVoxel);
  float ay = (float)((r[4] * y + r[5]) * perVoxel), by = (float)(r[3] * perVoxel);
  float az = (float)((r[7] * y + r[8]) * perVoxel), bz = (float)(r[6] * perVoxel);
  float ox = (float)(pose.t[0] * perVoxel - (double)box.first[0] * EDGE);
  float oy = (float)(pose.t[1] * perVoxel - (double)box.first[1] * EDGE);
  float oz = (float)(pose.t[2] * perVoxel - (double)box.first[2] * EDGE);
  float dx = ax + bx * x, dy = ay + by * x, dz = az + bz * x;
  float voxel = (float)pose.voxelM;
  int reach = std > voxel ? 1 : 0;
  Ends ends;
  ends.count = 0;
  for (int k = -reach; k <= reach; k++) {
    float d = depth + k * voxel;
    if (!(d > 0 && d <= c.farM)) continue;
    int vx = (int)(ox + d * dx), vy = (int)(oy + d * dy), vz = (int)(oz + d * dz);
    ends.cell[ends.count] =
        ((vz >> 3) * box.cells[1] + (vy >> 3)) * box.cells[0] + (vx >> 3);
    ends.voxel[ends.count++] = ((vz & 7) * EDGE + (vy & 7)) * EDGE + (vx & 7);
  }
  return ends;
}
}  // namespace

// Marks the blocks that hold an end of a ray. 9 B read a pixel; slotOfCell must be -1 everywhere.
PARALLAX_KERNEL(mark_ends, Pose pose, Camera camera, Box box, const float* depth, const float* std,
                const u8* hit, int width, int height, int* slotOfCell) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  int pixel = p.v * width + p.u;
  if (hit[pixel] == 0) return;
  Ends ends = endsOf(pose, camera, box, p.u, p.v, depth[pixel], std[pixel]);
  for (int k = 0; k < ends.count; k++) slotOfCell[ends.cell[k]] = 0;
}

// Whether there is room for what was listed: in the buffers for blocks and for blocks with hits, and in
// the map should all of them be new. One thread.
PARALLAX_KERNEL(check_room, const int2* listed, const int* taken, int maxBlocks, int maxHitBlocks,
                int slots, Answer* answer) {
  if (indexOfThread() > 0) return;
  answer->blocks = listed->x;
  answer->hitBlocks = listed->y;
  answer->fits =
      listed->x <= maxBlocks && listed->y <= maxHitBlocks && *taken + listed->x <= slots;
  answer->changed = 0;
}

// Gathers the hits of each block that has some; several ends in one voxel count once, with the
// strongest. hits must be zero. 9 B read a pixel, 4 B read and written an end.
PARALLAX_KERNEL(gather_ends, Pose pose, Camera camera, Box box, const float* depth,
                const float* std, const u8* hit, int width, int height, const int* slotOfCell,
                const Answer* answer, int* hits) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height || !answer->fits) return;
  int pixel = p.v * width + p.u;
  if (hit[pixel] == 0) return;
  Ends ends = endsOf(pose, camera, box, p.u, p.v, depth[pixel], std[pixel]);
  for (int k = 0; k < ends.count; k++) {
    atomicMax(&hits[slotOfCell[ends.cell[k]] * BLOCK_VOXELS + ends.voxel[k]], (int)hit[pixel]);
  }
}

namespace {
const int CELLS_PER_THREAD = 4;
const int CELLS_PER_BLOCK = 256 * CELLS_PER_THREAD;

/** Sums before each thread's own, in the order of threads; total receives the whole. */
__device__ __forceinline__ int2 sumsBefore(int2 mine, int2* shared, int2* total) {
  int from = 0;
  int thread = threadIdx.x;
  shared[thread] = mine;
  for (int step = 1; step < 256; step *= 2) {
    __syncthreads();
    int2 here = shared[from * 256 + thread];
    int2 before = thread >= step ? shared[from * 256 + thread - step] : make_int2(0, 0);
    shared[(1 - from) * 256 + thread] = make_int2(here.x + before.x, here.y + before.y);
    from = 1 - from;
  }
  __syncthreads();
  *total = shared[from * 256 + 255];
  int2 through = shared[from * 256 + thread];
  return make_int2(through.x - mine.x, through.y - mine.y);
}

/** Whether a cell is a block to update, and whether it has hits: 0 or 1 each. */
__device__ __forceinline__ int2 countOf(int cell, int cells, const signed char* verdict,
                                        const int* slotOfCell) {
  if (cell >= cells) return make_int2(0, 0);
  int isHit = slotOfCell[cell] != NO_SLOT;
  return make_int2(isHit || verdict[cell] != HIDDEN, isHit);
}
}  // namespace

// Counts the blocks to update, and those of them with hits, per 1024 cells. 5 B read a cell.
PARALLAX_BLOCK_KERNEL(count_blocks, const signed char* verdict, const int* slotOfCell, int cells,
                      int2* counts) {
  __shared__ int2 shared[512];
  int first = blockIdx.x * CELLS_PER_BLOCK + threadIdx.x * CELLS_PER_THREAD;
  int2 mine = make_int2(0, 0), total;
  for (int i = 0; i < CELLS_PER_THREAD; i++) {
    int2 c = countOf(first + i, cells, verdict, slotOfCell);
    mine = make_int2(mine.x + c.x, mine.y + c.y);
  }
  sumsBefore(mine, shared, &total);
  if (threadIdx.x == 0) counts[blockIdx.x] = total;
}

// Turns the counts into the numbers each stretch begins with; the whole goes behind the last.
// One block of 256 threads.
PARALLAX_BLOCK_KERNEL(number_stretches, int2* counts, int stretches) {
  __shared__ int2 shared[512];
  int2 before = make_int2(0, 0);
  for (int first = 0; first < stretches; first += 256) {
    int i = first + threadIdx.x;
    int2 mine = i < stretches ? counts[i] : make_int2(0, 0), total;
    int2 here = sumsBefore(mine, shared, &total);
    if (i < stretches) counts[i] = make_int2(before.x + here.x, before.y + here.y);
    before = make_int2(before.x + total.x, before.y + total.y);
    __syncthreads();
  }
  if (threadIdx.x == 0) counts[stretches] = before;
}

// Lists the blocks in the order of their cells, and numbers those with hits. 5 B read a cell, 8 B
// written a block.
PARALLAX_BLOCK_KERNEL(list_blocks, const signed char* verdict, int* slotOfCell, int cells,
                      const int2* starts, int* cellOfBlock) {
  __shared__ int2 shared[512];
  int first = blockIdx.x * CELLS_PER_BLOCK + threadIdx.x * CELLS_PER_THREAD;
  int2 counts[CELLS_PER_THREAD], mine = make_int2(0, 0), total;
  for (int i = 0; i < CELLS_PER_THREAD; i++) {
    counts[i] = countOf(first + i, cells, verdict, slotOfCell);
    mine = make_int2(mine.x + counts[i].x, mine.y + counts[i].y);
  }
  int2 next = sumsBefore(mine, shared, &total);
  next = make_int2(next.x + starts[blockIdx.x].x, next.y + starts[blockIdx.x].y);
  for (int i = 0; i < CELLS_PER_THREAD; i++) {
    if (counts[i].x) cellOfBlock[next.x++] = first + i;
    if (counts[i].y) slotOfCell[first + i] = next.y++;
  }
}

namespace {
/** The tables of extremes: level L begins at L times the size of a padded picture. */
struct Tables {
  const int* limit;
  const u8* miss;
  int stride, size;
};

__device__ __forceinline__ int missAt(const Tables& tables, const Camera& c, int width, int height,
                                      float x, float y, float z) {
  if (!(z >= c.nearM)) return 0;
  float perDepth = 1 / z;
  float u = x * perDepth + c.cx + 0.5f, v = y * perDepth + c.cy + 0.5f;
  if (!(u >= 0 && v >= 0 && u < width && v < height)) return 0;
  int half = (int)fminf(MAX_HALF_WINDOW, floorf(c.footprintPxM * perDepth + 0.5f));
  int edge = 2 * half + 1, level = 31 - __clz(edge), far = edge - (1 << level);
  int at = ((int)v + PAD - half) * tables.stride + (int)u + PAD - half;
  const int* limit = tables.limit + (long long)level * tables.size;
  int below = at + far * tables.stride;
  int minLimit = min(min(limit[at], limit[at + far]), min(limit[below], limit[below + far]));
  if (__float_as_int(z + c.halfZ) >= minLimit) return 0;
  int back = (1 << level) >> 1;
  return tables.miss[(long long)level * tables.size +
                     ((int)v + PAD - back) * tables.stride + (int)u + PAD - back];
}
}  // namespace

// Brings the map up to date with the blocks listed: one block of 256 threads each, those beyond the
// list do nothing. A block that nothing was said of is not kept. 1 B read and written a voxel, 4 B a
// hit, and some look-ups in the tables.
PARALLAX_BLOCK_KERNEL(update_blocks, Pose pose, Camera camera, Box box, const int* limit,
                      const u8* miss, int width, int height, const signed char* verdict,
                      const int* slotOfCell, const int* cellOfBlock, const int* hits, int least,
                      int most, const Answer* answer, Blocks blocks, u8* changed, int* slotOfBlock) {
  __shared__ int anyChanged, slot;
  int block = blockIdx.x;
  if (!answer->fits || block >= answer->blocks) return;
  int cell = cellOfBlock[block], said = verdict[cell], hitSlot = slotOfCell[cell];
  int bx = box.first[0] + cell % box.cells[0];
  int by = box.first[1] + cell / box.cells[0] % box.cells[1];
  int bz = box.first[2] + cell / (box.cells[0] * box.cells[1]);
  if (threadIdx.x == 0) {
    anyChanged = 0;
    slot = slotOf(blocks, keyOf(bx, by, bz));
  }
  __syncthreads();
  int known = slot;
  const signed char* row = blocks.rows + (long long)known * BLOCK_VOXELS;
  const int* hitsHere = hitSlot == NO_SLOT ? nullptr : hits + (long long)hitSlot * BLOCK_VOXELS;
  Tables tables = {limit, miss, width + 2 * PAD, (width + 2 * PAD) * (height + 2 * PAD)};
  double x = (bx * (double)EDGE + 0.5) * pose.voxelM, y = (by * (double)EDGE + 0.5) * pose.voxelM;
  double z = (bz * (double)EDGE + 0.5) * pose.voxelM;
  float x0 = camera.fx * toCamera(pose, 0, x, y, z), y0 = camera.fy * toCamera(pose, 1, x, y, z);
  float z0 = toCamera(pose, 2, x, y, z);
  float stepX[3], stepY[3], stepZ[3];
  for (int axis = 0; axis < 3; axis++) {
    stepX[axis] = camera.fx * (float)(pose.r[3 * axis] * pose.voxelM);
    stepY[axis] = camera.fy * (float)(pose.r[3 * axis + 1] * pose.voxelM);
    stepZ[axis] = (float)(pose.r[3 * axis + 2] * pose.voxelM);
  }
  bool mine = false;
  int updated[2];
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int voxel = threadIdx.x + 256 * half;
    int old = known == NO_SLOT ? UNOBSERVED : row[voxel], seen = old == UNOBSERVED ? 0 : old;
    int hit = hitsHere == nullptr ? 0 : hitsHere[voxel], now = old;
    if (hit > 0) {
      now = min(most, seen + hit);
    } else if (said == HIDDEN) {
      now = old;
    } else if (said != MIXED && hitsHere == nullptr) {
      now = max(least, seen - said);
    } else if (old != least) {
      int i = voxel % EDGE, j = voxel / EDGE % EDGE, k = voxel / (EDGE * EDGE);
      float vx = x0 + j * stepX[1] + k * stepX[2] + i * stepX[0];
      float vy = y0 + j * stepY[1] + k * stepY[2] + i * stepY[0];
      float vz = z0 + j * stepZ[1] + k * stepZ[2] + i * stepZ[0];
      int take = missAt(tables, camera, width, height, vx, vy, vz);
      if (take > 0) now = max(least, seen - take);
    }
    updated[half] = now;
    mine = mine || now != old;
  }
  if (mine) atomicMax(&anyChanged, 1);
  __syncthreads();
  if (threadIdx.x == 0) {
    if (anyChanged && known == NO_SLOT) slot = takeSlot(blocks, keyOf(bx, by, bz));
    changed[block] = anyChanged;
    slotOfBlock[block] = slot;
  }
  __syncthreads();
  if (!anyChanged) return;
  signed char* out = blocks.rows + (long long)slot * BLOCK_VOXELS;
  out[threadIdx.x] = updated[0];
  out[threadIdx.x + 256] = updated[1];
}

// Numbers the blocks that changed, in their order. One block of 256 threads: 1 B read, 4 B written a
// block listed.
PARALLAX_BLOCK_KERNEL(number_changed, const u8* changed, int* placeOfBlock, Answer* answer) {
  __shared__ int2 shared[512];
  int blocks = answer->fits ? answer->blocks : 0, before = 0;
  for (int first = 0; first < blocks; first += 256) {
    int i = first + threadIdx.x;
    int2 mine = make_int2(i < blocks ? changed[i] : 0, 0), total;
    int2 here = sumsBefore(mine, shared, &total);
    if (i < blocks) placeOfBlock[i] = before + here.x;
    before += total.x;
    __syncthreads();
  }
  if (threadIdx.x == 0) answer->changed = before;
}

// Brings the changed blocks together for the host: 128 threads a block listed. 512 B read and written
// a block that changed.
PARALLAX_KERNEL(pack_changed, const u8* changed, const int* placeOfBlock, const int* slotOfBlock,
                const int* cellOfBlock, const Answer* answer, const int* rows, int* cells,
                int* packed) {
  int block = blockIdx.x;
  if (!answer->fits || block >= answer->blocks || !changed[block]) return;
  const int words = BLOCK_VOXELS / 4;
  int place = placeOfBlock[block];
  packed[(long long)place * words + threadIdx.x] =
      rows[(long long)slotOfBlock[block] * words + threadIdx.x];
  if (threadIdx.x == 0) cells[place] = cellOfBlock[block];
}
