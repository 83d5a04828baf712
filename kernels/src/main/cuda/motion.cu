// The evidence that cells of the picture move by themselves: what each cell's flow says, what was
// said before on its way, the mean over its surface, and the verdict. The method and its constants
// are those of RestTest, CellFlow, SurfaceMean and MotionVerdict, in the same arithmetic, so the same
// to the bit but for the exponential (rounded to single from another double). Bytes are counted per
// cell of 2x2 grid pixels. pieces.cu goes on from the verdict.
#include "cells.cuh"

namespace {
const float MEMORY = 0.9f;  // share of what a cell said before that still counts

/**
 * A field of the previous picture at the point that a cell shows now, bilinear; 0 if the point was
 * outside, which NaN is, too.
 */
__device__ __forceinline__ float before(const float* field, int channels, int channel,
                                        const Cells& c, int cell, const Surface& s, int edge) {
  float column = cell % c.width + s.x / edge, row = cell / c.width + s.y / edge;
  if (!(column >= 0 && row >= 0 && column <= c.width - 1 && row <= c.height - 1)) return 0;
  int c0 = max(min((int)column, c.width - 2), 0), r0 = max(min((int)row, c.height - 2), 0);
  int right = c.width > 1 ? channels : 0, down = c.height > 1 ? channels * c.width : 0;
  float fc = column - c0, fr = row - r0;
  const float* j = field + channels * (r0 * c.width + c0) + channel;
  return (1 - fr) * ((1 - fc) * j[0] + fc * j[right]) +
         fr * ((1 - fc) * j[down] + fc * j[down + right]);
}
}  // namespace

// Each cell's flow, mean grey level, inverse depth and flags; counts the cells of known depth.
// 4 stride^2 + 20 B read, 17 B written.
PARALLAX_KERNEL(read_cells, Grid g, Cells c, const float2* flow, const float* inconsistency,
                const float* rho, const float* variance, const u8* grey, float maxInconsistency,
                Surface* surfaces, u8* flags, int* known) {
  Pixel p = pixelOfThread();
  if (p.u >= c.width || p.v >= c.height) return;
  int i = p.v * CELL * g.width + p.u * CELL;
  int edge = CELL * g.stride;
  int endU = min((p.u + 1) * edge, g.pictureWidth), endV = min((p.v + 1) * edge, g.pictureHeight);
  int sum = 0;
  for (int y = p.v * edge; y < endV; y++) {
    for (int x = p.u * edge; x < endU; x++) sum += grey[y * g.pictureWidth + x];
  }
  float r = rho[i];
  Surface s = make_float4(g.stride * flow[i].x, g.stride * flow[i].y,
                          (float)sum / ((endU - p.u * edge) * (endV - p.v * edge)), r);
  bool closes = g.stride * inconsistency[i] <= maxInconsistency && fabsf(s.x) < infinity() &&
                fabsf(s.y) < infinity();
  bool isSure = variance[i] <= 0.3f * 0.3f * r * r;
  int cell = p.v * c.width + p.u;
  surfaces[cell] = s;
  flags[cell] = (closes ? CLOSES : 0) | (isSure ? SURE : 0);
  if (!isNan(r)) atomicAdd(known, 1);  // a whole number: the order does not matter
}

namespace {
const int REST_RADIUS = 6;  // half the edge of the patches that tell motion from rest, pixels

/** A cell's place and what its flow and its camera say of it. */
struct Suspect {
  int u, v;      // picture pixels of its corner
  float x, y;    // its ray
  float fu, fv;  // its flow
};

/**
 * Whether a resting point would look as alike as the flow's end: at its best depth (restU, restV)
 * or anywhere along the epipolar line from infinity on. Also true where the flow's end cannot be
 * seen.
 */
__device__ __forceinline__ bool restLooksAlike(const Pictures& pictures, const Motion& t, float fx, float fy,
                               const Suspect& s, const Vector& far, float restU, float restV) {
  float measured = patchDifference(pictures, REST_RADIUS, s.u, s.v, s.fu, s.fv);
  float bound = 1.15f * (measured + 1.5f);
  if (!(patchDifference(pictures, REST_RADIUS, s.u, s.v, restU, restV) > bound)) return true;
  const float* m = t.m;
  float farX = far.x / far.z, farY = far.y / far.z;
  float farU = fx * (farX - s.x), farV = fy * (farY - s.y);
  float du = fx * (m[3] - farX * m[11]) / far.z, dv = fy * (m[7] - farY * m[11]) / far.z;
  float length = sqrtf(du * du + dv * dv);
  if (!(length > 1e-6f)) return false;
  for (int n = 0; n <= 32; n++) {
    float way = n * 0.75f / length;
    if (!(patchDifference(pictures, REST_RADIUS, s.u, s.v, farU + way * du, farV + way * dv) >
          bound)) {
      return true;
    }
  }
  return false;
}
}  // namespace

// Holds each cell's flow against that of a resting point at any depth in front of the camera, and
// adds what was said before on the cell's way, fading.
// 41 B and a gather of 24 B read, 24 B written; where the pictures are asked, patches of 49 pixels.
PARALLAX_KERNEL(rest_test, Grid g, Motion t, float fx, float fy, const float* slopeX,
                const float* slopeY, Cells c, const Surface* surfaces, const u8* flags,
                const float* inconsistency, const float* covariance, const float* variance,
                const u8* current, const u8* previous, const float* votesBefore, float* votes) {
  Pixel p = pixelOfThread();
  if (p.u >= c.width || p.v >= c.height) return;
  int cell = p.v * c.width + p.u;
  float* out = votes + CHANNELS * cell;
  for (int k = 0; k < CHANNELS; k++) out[k] = 0;
  if (!(flags[cell] & CLOSES)) return;
  Surface s = surfaces[cell];
  int u = p.u * CELL, v = p.v * CELL;
  int i = v * g.width + u;
  float open = g.stride * inconsistency[i];
  const float* m = t.m;
  float x = slopeX[u], y = slopeY[v];
  Vector far = rotate(t, x, y);
  float fu = s.x, fv = s.y;
  float noise = 0.25f * open * open + square(0.02f) * (square(fu) + square(fv));
  float uu = covariance[3 * i] + noise, uv = covariance[3 * i + 1];
  float vv = covariance[3 * i + 2] + noise;
  bool known = !isNan(s.w);
  float believed = known ? s.w : 0;
  Vector q = apply(t, x, y, believed);
  float iz = 1 / maxOrNan(q.z, MIN_FORWARD);
  float toX = q.x * iz, toY = q.y * iz;
  float ju = fx * (m[3] - toX * m[11]) * iz, jv = fy * (m[7] - toY * m[11]) * iz;
  float squared = believed * believed;
  float doubt = known ? minOrNan(4 * variance[i] + 0.1f * 0.1f * squared, 1 * squared)
                      : 1e6f / (ju * ju + jv * jv + 1e-6f);
  float ru = fu - fx * (toX - x), rv = fv - fy * (toY - y);
  float su = uu + doubt * ju * ju, suv = uv + doubt * ju * jv, sv = vv + doubt * jv * jv;
  float det = 1 / (su * sv - suv * suv);
  // The depth that belief and flow agree on best.
  float gain = doubt * det * ((ju * sv - jv * suv) * ru + (jv * su - ju * suv) * rv);
  float leftU = ru - ju * gain, leftV = rv - jv * gain;
  if (believed + gain < 0) {
    ru = leftU = fu - fx * (far.x / far.z - x);
    rv = leftV = fv - fy * (far.y / far.z - y);
    su = uu;
    suv = uv;
    sv = vv;
    det = 1 / (uu * vv - uv * uv);
  }
  float mu = sv * det, muv = -suv * det, mv = su * det;
  float d2 = mu * ru * ru + 2 * muv * ru * rv + mv * rv * rv;
  float weight = 1;
  if (!(d2 <= 4)) {
    Pictures pictures = {current, previous, g.pictureWidth, g.pictureHeight};
    Suspect suspect = {u * g.stride, v * g.stride, x, y, fu, fv};
    bool isConfirmed =
        square(leftU) + square(leftV) > square(0.7f) &&
        !restLooksAlike(pictures, t, fx, fy, suspect, far, fu - leftU, fv - leftV);
    if (!isConfirmed) {
      weight = 0.5f;  // a vote for rest
      ru = rv = 0;
    }
  }
  float cast[CHANNELS] = {weight,      weight * mu,
                          weight * muv, weight * mv,
                          weight * (mu * ru + muv * rv), weight * (muv * ru + mv * rv)};
  for (int k = 0; k < CHANNELS; k++) {
    out[k] = cast[k] + MEMORY * before(votesBefore, CHANNELS, k, c, cell, s, CELL * g.stride);
  }
}

namespace {
/** How much of a cell's mean comes from its neighbour: steps in flow and grey are a long way. */
__device__ __forceinline__ float closeness(const Surface& a, const Surface& b) {
  float way = 1 + flowStep(a, b) / 1.5f + fabsf(a.z - b.z) / 10.0f;
  if (isNan(way)) return 0;
  return (float)exp(-1.4142135623730951 / 5 * (double)way);
}
}  // namespace

// What the domain transform (Gastal and Oliveira 2011) shares with the left and the upper cell.
// 16 B read, 8 B written.
PARALLAX_KERNEL(surface_shares, Cells c, const Surface* surfaces, float2* shares) {
  Pixel p = pixelOfThread();
  if (p.u >= c.width || p.v >= c.height) return;
  int i = p.v * c.width + p.u;
  Surface s = surfaces[i];
  float left = p.u == 0 ? 0 : closeness(s, surfaces[i - 1]);
  float upper = p.v == 0 ? 0 : closeness(s, surfaces[i - c.width]);
  shares[i] = make_float2(left, upper);
}

namespace {
const int STRETCH = 32;  // cells of a row that a block holds at a time
}  // namespace

// The recursive mean along a row and back, a block of 192 threads a row: stretch by stretch the block
// reads cells, six threads, one a channel, go along them, the block writes. in may be out.
// 64 B read, 48 B written.
PARALLAX_BLOCK_KERNEL(mean_along_rows, int width, const float2* shares, const float* in,
                      float* out) {
  __shared__ float field[STRETCH][CHANNELS];
  __shared__ float share[STRETCH + 1];
  int row = blockIdx.x * width;
  int thread = threadIdx.x;
  int stretches = (width + STRETCH - 1) / STRETCH;
  float carried = 0;
  for (int turn = 0; turn < 2 * stretches; turn++) {
    bool isBack = turn >= stretches;
    int first = STRETCH * (isBack ? 2 * stretches - 1 - turn : turn);
    int n = min(STRETCH, width - first);
    const float* from = isBack ? out : in;
    if (thread < n * CHANNELS) {
      field[thread / CHANNELS][thread % CHANNELS] = from[CHANNELS * (row + first) + thread];
    }
    if (thread <= n) {
      share[thread] = first + thread < width ? shares[row + first + thread].x : 0;
    }
    __syncthreads();
    if (thread < CHANNELS) {
      for (int k = 0; k < n; k++) {
        int at = isBack ? n - 1 - k : k;
        bool isEnd = isBack ? first + at == width - 1 : first + at == 0;
        float here = field[at][thread];
        if (!isEnd) here += share[isBack ? at + 1 : at] * (carried - here);
        field[at][thread] = carried = here;
      }
    }
    __syncthreads();
    if (thread < n * CHANNELS) {
      out[CHANNELS * (row + first) + thread] = field[thread / CHANNELS][thread % CHANNELS];
    }
    __syncthreads();
  }
}

// The recursive mean down a column and back up, a thread a column and channel. 64 B read, 48 B
// written.
PARALLAX_KERNEL(mean_along_columns, Cells c, const float2* shares, float* field) {
  int line = indexOfThread();
  int step = CHANNELS * c.width;
  if (line >= step) return;
  int column = line / CHANNELS;
  float carried = field[line];
  for (int v = 1; v < c.height; v++) {
    float here = field[v * step + line];
    here += shares[v * c.width + column].y * (carried - here);
    field[v * step + line] = carried = here;
  }
  for (int v = c.height - 2; v >= 0; v--) {
    float here = field[v * step + line];
    here += shares[(v + 1) * c.width + column].y * (carried - here);
    field[v * step + line] = carried = here;
  }
}

namespace {
/** b^T A^-1 b with A the mean information and b the mean of M r; NaN if unheard. */
__device__ __forceinline__ float motionDistance(const float* mean) {
  if (!(mean[0] > 0.02f)) return notANumber();
  float ridge = 0.01f * (mean[1] + mean[3]) + 1e-9f;
  float uu = mean[1] + ridge, uv = mean[2], vv = mean[3] + ridge;
  float bu = mean[4], bv = mean[5];
  float det = 1 / (uu * vv - uv * uv);
  float ru = det * (vv * bu - uv * bv), rv = det * (uu * bv - uv * bu);
  bool isStill = ru * ru + rv * rv < 0.5f * 0.5f;
  return isStill ? 0 : (bu * ru + bv * rv) / 2;
}
}  // namespace

// From the surfaces' votes to the log odds and whether cells move; marks which of the others would
// move with a neighbour of like flow. 45 B read (4 B of them gathered), 6 B written.
PARALLAX_KERNEL(weigh_cells, Cells c, const Surface* surfaces, const float* mean,
                const float* evidenceBefore, int edge, float* evidence, u8* flags, u8* moves) {
  int i = indexOfThread();
  if (i >= c.width * c.height) return;
  float distance = motionDistance(mean + CHANNELS * i);
  float gain = 0.25f * (distance - 6);
  float heard = isNan(gain) ? 0 : maxOrNan(-1, minOrNan(1.5f, gain));
  float odds = 0.5f * before(evidenceBefore, 1, 0, c, i, surfaces[i], edge) + heard;
  float now = maxOrNan(-4, minOrNan(4, odds));
  evidence[i] = now;
  moves[i] = now > 0.5f;
  // A distance of NaN, unheard, does not stop it.
  if (!(flags[i] & SURE) && !(distance <= 4)) flags[i] |= GROWS;
}
