// Dense inverse search (Kroeger et al. 2016) with variational refinement (Brox et al. 2004), from
// coarse to fine. Levels are float pictures, flow in pixels of its level.
#include "parallax.cuh"

namespace {
const int PATCH = 8;          // pixels along the edge of a patch, one lane a row
const int PATCH_STRIDE = 4;   // pixels from patch to patch
const int PATCH_PIXELS = PATCH * PATCH;
const int DESCENT_STEPS = 12;
const float DESCENT_END_PX = 0.01f;
const float REGULARISER = 1.0f;  // squared grey levels a squared pixel, summed over the patch

/** Where patch i along an axis of n pixels begins; the last one ends at the edge. */
__device__ __forceinline__ int patchBegin(int i, int n) {
  return max(0, min(i * PATCH_STRIDE, n - PATCH));
}

/** Bilinear sample, the edge repeated outside. */
__device__ __forceinline__ float sampleLevel(const float* level, float x, float y, int width,
                                             int height) {
  float bx = floorf(x), by = floorf(y);
  float fx = x - bx, fy = y - by;
  int x0 = clampIndex((int)bx, width), x1 = clampIndex((int)bx + 1, width);
  int y0 = clampIndex((int)by, height) * width, y1 = clampIndex((int)by + 1, height) * width;
  float top = level[y0 + x0] + fx * (level[y0 + x1] - level[y0 + x0]);
  float bottom = level[y1 + x0] + fx * (level[y1 + x1] - level[y1 + x0]);
  return top + fy * (bottom - top);
}

__device__ __forceinline__ float2 sampleFlow(const float2* flow, float x, float y, int width,
                                             int height) {
  float bx = floorf(x), by = floorf(y);
  float fx = x - bx, fy = y - by;
  int x0 = clampIndex((int)bx, width), x1 = clampIndex((int)bx + 1, width);
  int y0 = clampIndex((int)by, height) * width, y1 = clampIndex((int)by + 1, height) * width;
  float2 a = flow[y0 + x0], b = flow[y0 + x1], c = flow[y1 + x0], d = flow[y1 + x1];
  float topX = a.x + fx * (b.x - a.x), topY = a.y + fx * (b.y - a.y);
  float bottomX = c.x + fx * (d.x - c.x), bottomY = c.y + fx * (d.y - c.y);
  return make_float2(topX + fy * (bottomX - topX), topY + fy * (bottomY - topY));
}
}  // namespace

// Flow of another resolution, both in pixels of their own: out = scale * in, bilinear.
// For a finer level scale is 2, for a coarser one of a guess a fraction.
// 8 B read (1/scale^2 of that for finer ones), 8 B written a pixel.
PARALLAX_KERNEL(rescale_flow, const float2* in, int inWidth, int inHeight, float2* out, int width,
                int height, float scale) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float2 f = sampleFlow(in, (p.u + 0.5f) / scale - 0.5f, (p.v + 0.5f) / scale - 0.5f, inWidth,
                        inHeight);
  // A guess that is no number is no guess.
  bool usable = fabsf(f.x) < 1e5f && fabsf(f.y) < 1e5f;
  out[p.v * width + p.u] = usable ? make_float2(scale * f.x, scale * f.y) : make_float2(0, 0);
}

namespace {
/** One row of a patch of the first picture, with what its descent needs. */
struct PatchRow {
  const float* target;
  int width, height, u, v;
  float value[PATCH], gx[PATCH], gy[PATCH];
};

struct Sums {
  float d, dd, gx, gy;
};

/** Sum over the eight lanes of a patch; each lane gets the same to the bit. */
__device__ __forceinline__ float sumOverPatch(unsigned lanes, float x) {
  x += __shfl_xor_sync(lanes, x, 1);
  x += __shfl_xor_sync(lanes, x, 2);
  x += __shfl_xor_sync(lanes, x, 4);
  return x;
}

__device__ __forceinline__ PatchRow loadRow(const float* from, const float* to, int width,
                                            int height, int u, int v) {
  PatchRow row;
  row.target = to;
  row.width = width;
  row.height = height;
  row.u = u;
  row.v = v;
  const float* above = from + clampIndex(v - 1, height) * width;
  const float* here = from + clampIndex(v, height) * width;
  const float* below = from + clampIndex(v + 1, height) * width;
#pragma unroll
  for (int k = 0; k < PATCH; k++) {
    int x = clampIndex(u + k, width);
    row.value[k] = here[x];
    row.gx[k] = 0.5f * (here[clampIndex(u + k + 1, width)] - here[clampIndex(u + k - 1, width)]);
    row.gy[k] = 0.5f * (below[x] - above[x]);
  }
  return row;
}

/** Differences to the second picture moved by (dx, dy), summed over the patch. */
__device__ __forceinline__ Sums differences(const PatchRow& row, unsigned lanes, float dx,
                                            float dy) {
  float bx = floorf(dx), by = floorf(dy);
  float fx = dx - bx, fy = dy - by;
  int u = row.u + (int)bx, v = row.v + (int)by;
  const float* top = row.target + clampIndex(v, row.height) * row.width;
  const float* bottom = row.target + clampIndex(v + 1, row.height) * row.width;
  float d = 0, dd = 0, gx = 0, gy = 0;
  int at = clampIndex(u, row.width);
  float left = top[at] + fy * (bottom[at] - top[at]);
#pragma unroll
  for (int k = 0; k < PATCH; k++) {
    at = clampIndex(u + k + 1, row.width);
    float right = top[at] + fy * (bottom[at] - top[at]);
    float difference = left + fx * (right - left) - row.value[k];
    left = right;
    d += difference;
    dd += difference * difference;
    gx += difference * row.gx[k];
    gy += difference * row.gy[k];
  }
  return {sumOverPatch(lanes, d), sumOverPatch(lanes, dd), sumOverPatch(lanes, gx),
          sumOverPatch(lanes, gy)};
}

/** What remains of the squared differences when the patches' means are made equal. */
__device__ __forceinline__ float costOf(const Sums& sums) {
  return sums.dd - sums.d * sums.d / PATCH_PIXELS;
}
}  // namespace

// One round of the search: each patch takes the best of its candidates, then descends. In the
// first round candidates are the flow so far and the guess, later its own and its four neighbours'
// answers of the round before. Eight lanes a patch, 64 threads a block.
// About 4 B (first picture) + 4 B (second) + 8 B (flow) read a pixel, 0.5 B written.
PARALLAX_BLOCK_KERNEL(search_patches, const float* from, const float* to, int width, int height,
                      const float2* flow, const float2* guess, int hasGuess, const float2* before,
                      float2* after, int across, int down, int isFirst) {
  int patch = blockIdx.x * 8 + threadIdx.x / PATCH;
  if (patch >= across * down) return;
  unsigned lanes = 0xffu << (threadIdx.x & 24);
  int i = patch % across, j = patch / across;
  int u0 = patchBegin(i, width), v0 = patchBegin(j, height);
  PatchRow row = loadRow(from, to, width, height, u0, v0 + threadIdx.x % PATCH);

  float2 candidates[5];
  int count;
  if (isFirst) {
    int centre = clampIndex(v0 + PATCH / 2, height) * width + clampIndex(u0 + PATCH / 2, width);
    candidates[0] = flow[centre];
    candidates[1] = hasGuess ? guess[centre] : make_float2(0, 0);
    count = 2;
  } else {
    candidates[0] = before[patch];
    candidates[1] = before[j * across + max(i - 1, 0)];
    candidates[2] = before[j * across + min(i + 1, across - 1)];
    candidates[3] = before[max(j - 1, 0) * across + i];
    candidates[4] = before[min(j + 1, down - 1) * across + i];
    count = 5;
  }
  float2 best = candidates[0];
  float bestCost = costOf(differences(row, lanes, best.x, best.y));
  for (int c = 1; c < count; c++) {
    if (candidates[c].x == best.x && candidates[c].y == best.y) continue;
    float cost = costOf(differences(row, lanes, candidates[c].x, candidates[c].y));
    if (cost < bestCost) {
      best = candidates[c];
      bestCost = cost;
    }
  }

  float gx = 0, gy = 0, xx = 0, xy = 0, yy = 0;
#pragma unroll
  for (int k = 0; k < PATCH; k++) {
    gx += row.gx[k];
    gy += row.gy[k];
    xx += row.gx[k] * row.gx[k];
    xy += row.gx[k] * row.gy[k];
    yy += row.gy[k] * row.gy[k];
  }
  gx = sumOverPatch(lanes, gx);
  gy = sumOverPatch(lanes, gy);
  xx = sumOverPatch(lanes, xx) - gx * gx / PATCH_PIXELS + REGULARISER;
  xy = sumOverPatch(lanes, xy) - gx * gy / PATCH_PIXELS;
  yy = sumOverPatch(lanes, yy) - gy * gy / PATCH_PIXELS + REGULARISER;
  float inverse = 1 / (xx * yy - xy * xy);

  float2 d = best;
  for (int step = 0; step < DESCENT_STEPS; step++) {
    Sums sums = differences(row, lanes, d.x, d.y);
    float cost = costOf(sums);
    if (cost < bestCost) {
      best = d;
      bestCost = cost;
    }
    float mean = sums.d / PATCH_PIXELS;
    float bx = sums.gx - mean * gx, by = sums.gy - mean * gy;
    float stepX = (yy * bx - xy * by) * inverse, stepY = (xx * by - xy * bx) * inverse;
    d.x -= stepX;
    d.y -= stepY;
    bool isLost = !(fabsf(d.x - candidates[0].x) < 2 * PATCH && fabsf(d.y - candidates[0].y) < 2 * PATCH) &&
                  !(fabsf(d.x - best.x) < PATCH && fabsf(d.y - best.y) < PATCH);
    if (isLost) break;
    if (stepX * stepX + stepY * stepY < DESCENT_END_PX * DESCENT_END_PX) {
      if (costOf(differences(row, lanes, d.x, d.y)) < bestCost) best = d;
      break;
    }
  }
  if (threadIdx.x % PATCH == 0) after[patch] = best;
}

// Flow of each pixel: the mean of the patches over it, weighed by how well each explains the pixel.
// 4 B (first picture) + 4 B a patch (second) + 0.5 B (patches) read, 8 B written a pixel.
PARALLAX_KERNEL(densify, const float* from, const float* to, const float2* patches, int across,
                int down, float2* flow, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float grey = from[p.v * width + p.u];
  float sumX = 0, sumY = 0, sum = 0;
  for (int j = max(p.v / PATCH_STRIDE - 1, 0); j <= min(p.v / PATCH_STRIDE + 1, down - 1); j++) {
    int v0 = patchBegin(j, height);
    if (p.v < v0 || p.v >= v0 + PATCH) continue;
    for (int i = max(p.u / PATCH_STRIDE - 1, 0); i <= min(p.u / PATCH_STRIDE + 1, across - 1); i++) {
      int u0 = patchBegin(i, width);
      if (p.u < u0 || p.u >= u0 + PATCH) continue;
      float2 d = patches[j * across + i];
      float other = sampleLevel(to, p.u + d.x, p.v + d.y, width, height);
      float weight = 1 / fmaxf(1, fabsf(other - grey));
      sumX += weight * d.x;
      sumY += weight * d.y;
      sum += weight;
    }
  }
  flow[p.v * width + p.u] = make_float2(sumX / sum, sumY / sum);
}

// For the refinement: the mean of the first picture and the second brought over it, and their
// difference. 4 B + 4 B + 8 B (flow) read, 8 B written a pixel.
PARALLAX_KERNEL(warp_pictures, const float* from, const float* to, const float2* flow,
                float2* meanAndDifference, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  int i = p.v * width + p.u;
  float other = sampleLevel(to, p.u + flow[i].x, p.v + flow[i].y, width, height);
  meanAndDifference[i] = make_float2(0.5f * (from[i] + other), other - from[i]);
}

// Gradients of both: (mean x, mean y, difference x, difference y). 8 B read, 16 B written a pixel.
PARALLAX_KERNEL(gradients_of_warped, const float2* meanAndDifference, float4* gradients, int width,
                int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  const float2* row = meanAndDifference + p.v * width;
  float2 l = row[clampIndex(p.u - 1, width)], r = row[clampIndex(p.u + 1, width)];
  float2 a = meanAndDifference[clampIndex(p.v - 1, height) * width + p.u];
  float2 b = meanAndDifference[clampIndex(p.v + 1, height) * width + p.u];
  gradients[p.v * width + p.u] = make_float4(0.5f * (r.x - l.x), 0.5f * (b.x - a.x),
                                             0.5f * (r.y - l.y), 0.5f * (b.y - a.y));
}

namespace {
const float ALPHA = 20;    // weight of smoothness
const float DELTA = 5;     // weight of equal grey levels
const float GAMMA = 10;    // weight of equal gradients
const float EPSILON = 0.001f;
const float ZETA = 0.1f;   // gradients weaker than this count as none
const float RELAXATION = 1.6f;
const int SWEEPS = 5;
const int OUT = 16;        // pixels along the edge of what a block answers
const int HALO = 2 * SWEEPS;  // each half sweep carries a change by one pixel
const int TILE = OUT + 2 * HALO;
const int PER_THREAD = (TILE * TILE + 255) / 256;

/** The data term's part of a pixel's two equations. */
struct Equation {
  float a11, a12, a22, b1, b2;
};

// Brox et al. 2004, linearised about the flow the second picture was brought over with.
__device__ __forceinline__ Equation dataTerm(const float4* gradients, float difference, float du,
                                             float dv, int u, int v, int width, int height) {
  float4 g = gradients[v * width + u];
  float4 l = gradients[v * width + clampIndex(u - 1, width)];
  float4 r = gradients[v * width + clampIndex(u + 1, width)];
  float4 a = gradients[clampIndex(v - 1, height) * width + u];
  float4 b = gradients[clampIndex(v + 1, height) * width + u];
  float ix = g.x, iy = g.y, ixz = g.z, iyz = g.w;
  float ixx = 0.5f * (r.x - l.x), ixy = 0.5f * (b.x - a.x), iyy = 0.5f * (b.y - a.y);

  float norm = ix * ix + iy * iy + ZETA * ZETA;
  float left = difference + ix * du + iy * dv;
  float w = DELTA / (sqrtf(left * left / norm + EPSILON * EPSILON) * norm);
  Equation e = {w * ix * ix + ZETA * ZETA, w * ix * iy, w * iy * iy + ZETA * ZETA,
                -w * difference * ix, -w * difference * iy};

  float normX = ixx * ixx + ixy * ixy + ZETA * ZETA, normY = iyy * iyy + ixy * ixy + ZETA * ZETA;
  float leftX = ixz + ixx * du + ixy * dv, leftY = iyz + ixy * du + iyy * dv;
  w = GAMMA / sqrtf(leftX * leftX / normX + leftY * leftY / normY + EPSILON * EPSILON);
  float wx = w / normX, wy = w / normY;
  e.a11 += wx * ixx * ixx + wy * ixy * ixy;
  e.a12 += wx * ixx * ixy + wy * ixy * iyy;
  e.a22 += wx * ixy * ixy + wy * iyy * iyy;
  e.b1 -= wx * ixx * ixz + wy * ixy * iyz;
  e.b2 -= wx * ixy * ixz + wy * iyy * iyz;
  return e;
}
}  // namespace

// One fixed-point step: weights from the flow as it is, then red-black successive over-relaxation.
// A block does the sweeps on a tile with a halo as wide as they carry, so the answer is that of
// sweeps over the whole picture. 16 x 16 pixels a block of 256 threads.
// 8 B (start) + 8 B (current) + 8 B (difference) + 16 B (gradients) read, 8 B written a pixel.
PARALLAX_BLOCK_KERNEL(refine_flow, const float2* start, const float2* current,
                      const float2* meanAndDifference, const float4* gradients, float2* next,
                      int width, int height) {
  __shared__ float us[TILE * TILE], vs[TILE * TILE], smooth[TILE * TILE];
  Equation equation[PER_THREAD];
  float2 origin[PER_THREAD];
  int u0 = blockIdx.x * OUT - HALO, v0 = blockIdx.y * OUT - HALO;
#pragma unroll
  for (int k = 0; k < PER_THREAD; k++) {
    int at = threadIdx.x + 256 * k;
    int u = u0 + at % TILE, v = v0 + at / TILE;
    equation[k] = {0, 0, 0, 0, 0};
    origin[k] = make_float2(0, 0);
    if (at >= TILE * TILE || u < 0 || v < 0 || u >= width || v >= height) continue;
    float2 now = current[v * width + u];
    us[at] = now.x;
    vs[at] = now.y;
    origin[k] = start[v * width + u];
    equation[k] = dataTerm(gradients, meanAndDifference[v * width + u].y, now.x - origin[k].x,
                           now.y - origin[k].y, u, v, width, height);
    float2 right = current[v * width + clampIndex(u + 1, width)];
    float2 below = current[clampIndex(v + 1, height) * width + u];
    float ux = right.x - now.x, uy = below.x - now.x, vx = right.y - now.y, vy = below.y - now.y;
    smooth[at] = ALPHA / sqrtf(ux * ux + uy * uy + vx * vx + vy * vy + EPSILON * EPSILON);
  }
  for (int half = 0; half < 2 * SWEEPS; half++) {
    __syncthreads();
#pragma unroll
    for (int k = 0; k < PER_THREAD; k++) {
      int at = threadIdx.x + 256 * k;
      int column = at % TILE, line = at / TILE;
      int u = u0 + column, v = v0 + line;
      bool isTurn = at < TILE * TILE && u >= 0 && v >= 0 && u < width && v < height &&
                    ((u + v + half) & 1) == 0;
      bool hasLeft = u > 0, hasRight = u + 1 < width, hasAbove = v > 0, hasBelow = v + 1 < height;
      // Neighbours outside the tile are not known: those pixels stay, the halo allows for it.
      bool isCut = (column == 0 && hasLeft) || (column == TILE - 1 && hasRight) ||
                   (line == 0 && hasAbove) || (line == TILE - 1 && hasBelow);
      if (!isTurn || isCut) continue;
      float sl = hasLeft ? smooth[at - 1] : 0, sr = hasRight ? smooth[at] : 0;
      float sa = hasAbove ? smooth[at - TILE] : 0, sb = hasBelow ? smooth[at] : 0;
      int l = hasLeft ? at - 1 : at, r = hasRight ? at + 1 : at;
      int a = hasAbove ? at - TILE : at, b = hasBelow ? at + TILE : at;
      float sum = sl + sr + sa + sb;
      float pullU = sl * us[l] + sr * us[r] + sa * us[a] + sb * us[b] - sum * origin[k].x;
      float pullV = sl * vs[l] + sr * vs[r] + sa * vs[a] + sb * vs[b] - sum * origin[k].y;
      const Equation& e = equation[k];
      float du = us[at] - origin[k].x, dv = vs[at] - origin[k].y;
      du += RELAXATION * ((e.b1 + pullU - e.a12 * dv) / (e.a11 + sum) - du);
      dv += RELAXATION * ((e.b2 + pullV - e.a12 * du) / (e.a22 + sum) - dv);
      us[at] = origin[k].x + du;
      vs[at] = origin[k].y + dv;
    }
  }
  __syncthreads();
  int column = threadIdx.x % OUT, line = threadIdx.x / OUT;
  int u = blockIdx.x * OUT + column, v = blockIdx.y * OUT + line;
  if (u >= width || v >= height) return;
  int at = (line + HALO) * TILE + column + HALO;
  next[v * width + u] = make_float2(us[at], vs[at]);
}
