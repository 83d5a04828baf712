// Lucas-Kanade on single points (Lucas and Kanade 1981; the template's gradients serve all steps).
#include "parallax.cuh"

namespace {
const int RADIUS = 5;
const int EDGE = 2 * RADIUS + 1;
const int PIXELS = EDGE * EDGE;
const int PER_LANE = (PIXELS + 31) / 32;
const int STEPS = 12;
const float END_PX = 0.005f;
const float MIN_EIGENVALUE = 0.01024f;  // squared grey levels a squared pixel, mean of the window
const unsigned WARP = 0xffffffffu;

__device__ __forceinline__ float sumOverWarp(float x) {
  for (int lane = 1; lane < 32; lane *= 2) x += __shfl_xor_sync(WARP, x, lane);
  return x;
}

__device__ __forceinline__ float greyAt(const u8* grey, int u, int v, int width, int height) {
  return grey[mirrorIndex(v, height) * width + mirrorIndex(u, width)];
}

/** Scharr's gradient at a pixel, grey levels a pixel. */
__device__ __forceinline__ float2 gradientAt(const u8* grey, int u, int v, int width, int height) {
  float g[3][3];
  for (int j = 0; j < 3; j++) {
    for (int i = 0; i < 3; i++) g[j][i] = greyAt(grey, u + i - 1, v + j - 1, width, height);
  }
  float gx = 3 * (g[0][2] - g[0][0]) + 10 * (g[1][2] - g[1][0]) + 3 * (g[2][2] - g[2][0]);
  float gy = 3 * (g[2][0] - g[0][0]) + 10 * (g[2][1] - g[0][1]) + 3 * (g[2][2] - g[0][2]);
  return make_float2(gx / 32, gy / 32);
}

__device__ __forceinline__ float sampleGrey(const u8* grey, int u, int v, float fx, float fy,
                                            int width, int height) {
  float top = (1 - fx) * greyAt(grey, u, v, width, height) +
              fx * greyAt(grey, u + 1, v, width, height);
  float bottom = (1 - fx) * greyAt(grey, u, v + 1, width, height) +
                 fx * greyAt(grey, u + 1, v + 1, width, height);
  return (1 - fy) * top + fy * bottom;
}

__device__ __forceinline__ bool isOutside(float x, float y, int width, int height) {
  return !(x >= -EDGE && y >= -EDGE && x < width && y < height);
}
}  // namespace

// One warp a point. Reads two windows of about 13x13 B, writes 12 B a point.
PARALLAX_BLOCK_KERNEL(track_points, const u8* from, const u8* to, int width, int height,
                      const float2* at, float2* found, float* error, int points) {
  int point = (blockIdx.x * blockDim.x + threadIdx.x) / 32, lane = threadIdx.x % 32;
  if (point >= points) return;
  float x = at[point].x - RADIUS, y = at[point].y - RADIUS;
  float2 guess = found[point];
  float nx = guess.x - RADIUS, ny = guess.y - RADIUS;
  bool isLost = isOutside(floorf(x), floorf(y), width, height) || isNan(nx) || isNan(ny);
  float value[PER_LANE], gx[PER_LANE], gy[PER_LANE];
  float xx = 0, xy = 0, yy = 0;
  int x0 = isLost ? 0 : (int)floorf(x), y0 = isLost ? 0 : (int)floorf(y);
  float fx = isLost ? 0 : x - x0, fy = isLost ? 0 : y - y0;
#pragma unroll
  for (int k = 0; k < PER_LANE; k++) {
    int i = lane + 32 * k;
    value[k] = gx[k] = gy[k] = 0;
    if (i >= PIXELS) continue;
    int u = x0 + i % EDGE, v = y0 + i / EDGE;
    value[k] = sampleGrey(from, u, v, fx, fy, width, height);
    float2 a = gradientAt(from, u, v, width, height), b = gradientAt(from, u + 1, v, width, height);
    float2 c = gradientAt(from, u, v + 1, width, height);
    float2 d = gradientAt(from, u + 1, v + 1, width, height);
    gx[k] = (1 - fy) * ((1 - fx) * a.x + fx * b.x) + fy * ((1 - fx) * c.x + fx * d.x);
    gy[k] = (1 - fy) * ((1 - fx) * a.y + fx * b.y) + fy * ((1 - fx) * c.y + fx * d.y);
    xx += gx[k] * gx[k];
    xy += gx[k] * gy[k];
    yy += gy[k] * gy[k];
  }
  xx = sumOverWarp(xx);
  xy = sumOverWarp(xy);
  yy = sumOverWarp(yy);
  float determinant = xx * yy - xy * xy;
  float smaller = (xx + yy - sqrtf((xx - yy) * (xx - yy) + 4 * xy * xy)) / (2 * PIXELS);
  isLost = isLost || !(smaller >= MIN_EIGENVALUE) || !(determinant > 1e-7f);

  float lastX = 0, lastY = 0;
  for (int step = 0; step < STEPS && !isLost; step++) {
    if (isOutside(floorf(nx), floorf(ny), width, height)) {
      isLost = true;
      break;
    }
    int u0 = (int)floorf(nx), v0 = (int)floorf(ny);
    float gu = nx - u0, gv = ny - v0, bx = 0, by = 0;
#pragma unroll
    for (int k = 0; k < PER_LANE; k++) {
      int i = lane + 32 * k;
      if (i >= PIXELS) continue;
      float difference =
          sampleGrey(to, u0 + i % EDGE, v0 + i / EDGE, gu, gv, width, height) - value[k];
      bx += difference * gx[k];
      by += difference * gy[k];
    }
    bx = sumOverWarp(bx);
    by = sumOverWarp(by);
    float dx = (xy * by - yy * bx) / determinant, dy = (xy * bx - xx * by) / determinant;
    nx += dx;
    ny += dy;
    if (dx * dx + dy * dy <= END_PX * END_PX) break;
    if (step > 0 && fabsf(dx + lastX) < 0.01f && fabsf(dy + lastY) < 0.01f) {
      nx -= 0.5f * dx;  // to and fro: the middle
      ny -= 0.5f * dy;
      break;
    }
    lastX = dx;
    lastY = dy;
  }
  isLost = isLost || isOutside(floorf(nx), floorf(ny), width, height);
  float sum = 0;
  int u0 = isLost ? 0 : (int)floorf(nx), v0 = isLost ? 0 : (int)floorf(ny);
#pragma unroll
  for (int k = 0; k < PER_LANE; k++) {
    int i = lane + 32 * k;
    if (i >= PIXELS || isLost) continue;
    sum += fabsf(sampleGrey(to, u0 + i % EDGE, v0 + i / EDGE, nx - u0, ny - v0, width, height) -
                 value[k]);
  }
  sum = sumOverWarp(sum);
  if (lane == 0) {
    found[point] = make_float2(nx + RADIUS, ny + RADIUS);
    error[point] = isLost ? notANumber() : sum / PIXELS;
  }
}
