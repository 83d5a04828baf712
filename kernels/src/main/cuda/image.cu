// Work on pictures. Bytes are counted per pixel of the picture the kernel writes, reads that hit a
// cache left out: the floor of a kernel is bytes / memory bandwidth.
#include "parallax.cuh"

// Luma of BGR in 15-bit fixed point, the weights of ITU-R BT.601.
// 3 B read, 1 B written a pixel.
PARALLAX_KERNEL(grey_of_bgr, const u8* bgr, u8* grey, int pixels) {
  int i = indexOfThread();
  if (i >= pixels) return;
  int b = bgr[3 * i], g = bgr[3 * i + 1], r = bgr[3 * i + 2];
  grey[i] = (u8)((3735 * b + 19235 * g + 9798 * r + (1 << 14)) >> 15);
}

// Bilinear samples at mapped positions, black outside; fractions in steps of 1/32 pixel, so that
// weights are whole numbers and the result does not depend on rounding modes.
// C + 8 B read, C written a pixel, C channels.
PARALLAX_KERNEL(remap_u8, const u8* source, int sourceWidth, int sourceHeight, int channels,
                const float2* map, u8* target, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float2 at = map[p.v * width + p.u];
  u8* out = target + (p.v * width + p.u) * channels;
  // Also false for NaN.
  bool inside = at.x > -1 && at.y > -1 && at.x < sourceWidth && at.y < sourceHeight;
  if (!inside) {
    for (int c = 0; c < channels; c++) out[c] = 0;
    return;
  }
  int x32 = (int)rintf(at.x * 32), y32 = (int)rintf(at.y * 32);
  int x0 = x32 >> 5, y0 = y32 >> 5;
  int fx = x32 & 31, fy = y32 & 31;
  bool left = x0 >= 0 && x0 < sourceWidth, right = x0 + 1 >= 0 && x0 + 1 < sourceWidth;
  bool top = y0 >= 0 && y0 < sourceHeight, bottom = y0 + 1 >= 0 && y0 + 1 < sourceHeight;
  const u8* row0 = source + (long long)y0 * sourceWidth * channels;
  const u8* row1 = row0 + (long long)sourceWidth * channels;
  for (int c = 0; c < channels; c++) {
    int a = x0 * channels + c, b = a + channels;
    int sum = (32 - fx) * (32 - fy) * (left && top ? row0[a] : 0);
    sum += fx * (32 - fy) * (right && top ? row0[b] : 0);
    sum += (32 - fx) * fy * (left && bottom ? row1[a] : 0);
    sum += fx * fy * (right && bottom ? row1[b] : 0);
    out[c] = (u8)((sum + 512) >> 10);
  }
}

// Sum and sum of squares of grey levels, whole numbers: the order of the atomics does not matter.
// sums must be zero. 1 B read a pixel.
PARALLAX_BLOCK_KERNEL(grey_sums, const u8* grey, int pixels, u64* sums) {
  __shared__ u64 partial[2][256];
  u64 sum = 0, squares = 0;
  for (int i = indexOfThread(); i < pixels; i += gridDim.x * blockDim.x) {
    u64 g = grey[i];
    sum += g;
    squares += g * g;
  }
  partial[0][threadIdx.x] = sum;
  partial[1][threadIdx.x] = squares;
  for (int half = 128; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) {
      partial[0][threadIdx.x] += partial[0][threadIdx.x + half];
      partial[1][threadIdx.x] += partial[1][threadIdx.x + half];
    }
  }
  if (threadIdx.x == 0) {
    atomicAdd(&sums[0], partial[0][0]);
    atomicAdd(&sums[1], partial[1][0]);
  }
}

// Mean and standard deviation from those sums. One thread: 16 B read, 8 B written.
PARALLAX_KERNEL(mean_and_std, const u64* sums, int pixels, float* both) {
  if (indexOfThread() > 0) return;
  double mean = (double)sums[0] / pixels;
  double variance = (double)sums[1] / pixels - mean * mean;
  both[0] = (float)mean;
  both[1] = (float)sqrt(variance > 0 ? variance : 0);
}

// Means of 2x2 pixels, for grey bytes and for a level of a pyramid.
// 4 B read (16 B for float), 4 B written a pixel.
// A last odd row or column is not looked at, unless it is the only one.
PARALLAX_KERNEL(half_of_grey, const u8* grey, int greyWidth, int greyHeight, float* half, int width,
                int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  const u8* top = grey + 2 * p.v * greyWidth;
  const u8* bottom = grey + min(2 * p.v + 1, greyHeight - 1) * greyWidth;
  int left = 2 * p.u, right = min(left + 1, greyWidth - 1);
  half[p.v * width + p.u] = (top[left] + top[right] + bottom[left] + bottom[right]) * 0.25f;
}

PARALLAX_KERNEL(half_of_level, const float* level, int levelWidth, int levelHeight, float* half,
                int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  const float* top = level + 2 * p.v * levelWidth;
  const float* bottom = level + min(2 * p.v + 1, levelHeight - 1) * levelWidth;
  int left = 2 * p.u, right = min(left + 1, levelWidth - 1);
  half[p.v * width + p.u] = (top[left] + top[right] + bottom[left] + bottom[right]) * 0.25f;
}

// The smaller eigenvalue of the gradient's structure tensor, summed over 7x7 pixels (Shi and Tomasi
// 1994). Gradients by 3x3 Sobel, scaled to grey levels a pixel; mirrored at the edges.
// 1 B read, 4 B written a pixel.
PARALLAX_BLOCK_KERNEL(min_eigenvalue, const u8* grey, float* eigenvalue, int width, int height) {
  const int radius = 3, tileWidth = 32 + 2 * radius, tileHeight = 8 + 2 * radius;
  __shared__ float xx[tileHeight][tileWidth], xy[tileHeight][tileWidth], yy[tileHeight][tileWidth];
  int u0 = blockIdx.x * 32 - radius, v0 = blockIdx.y * 8 - radius;
  int thread = threadIdx.y * 32 + threadIdx.x;
  for (int i = thread; i < tileWidth * tileHeight; i += 256) {
    int u = mirrorIndex(min(u0 + i % tileWidth, width + radius - 1), width);
    int v = mirrorIndex(min(v0 + i / tileWidth, height + radius - 1), height);
    int l = mirrorIndex(u - 1, width), r = mirrorIndex(u + 1, width);
    const u8* a = grey + mirrorIndex(v - 1, height) * width;
    const u8* b = grey + v * width;
    const u8* c = grey + mirrorIndex(v + 1, height) * width;
    float gx = 0.125f * (a[r] - a[l] + 2 * (b[r] - b[l]) + c[r] - c[l]);
    float gy = 0.125f * (c[l] - a[l] + 2 * (c[u] - a[u]) + c[r] - a[r]);
    xx[i / tileWidth][i % tileWidth] = gx * gx;
    xy[i / tileWidth][i % tileWidth] = gx * gy;
    yy[i / tileWidth][i % tileWidth] = gy * gy;
  }
  __syncthreads();
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float a = 0, b = 0, c = 0;
  for (int dv = 0; dv <= 2 * radius; dv++) {
    for (int du = 0; du <= 2 * radius; du++) {
      a += xx[threadIdx.y + dv][threadIdx.x + du];
      b += xy[threadIdx.y + dv][threadIdx.x + du];
      c += yy[threadIdx.y + dv][threadIdx.x + du];
    }
  }
  float half = 0.5f * (a - c);
  eigenvalue[p.v * width + p.u] = 0.5f * (a + c) - sqrtf(half * half + b * b);
}

// In every cell of a grid the pixel with the largest eigenvalue, the first in rows where several
// have it: its value's bits above the complement of its index, 0 where none exceeds the threshold.
// One block of 64 threads a cell. 4 B read a pixel.
PARALLAX_BLOCK_KERNEL(best_of_cell, const float* eigenvalue, int width, int height, int cellPx,
                      int borderPx, float threshold, u64* best) {
  __shared__ u64 keys[64];
  int u0 = blockIdx.x * cellPx, v0 = blockIdx.y * cellPx;
  u64 mine = 0;
  for (int i = threadIdx.x; i < cellPx * cellPx; i += 64) {
    int u = u0 + i % cellPx, v = v0 + i / cellPx;
    if (u < borderPx || v < borderPx || u >= width - borderPx || v >= height - borderPx) continue;
    float value = eigenvalue[v * width + u];
    if (!(value > threshold)) continue;
    u64 key = (u64)__float_as_uint(value) << 32 | (0xffffffffu - (unsigned)(v * width + u));
    mine = key > mine ? key : mine;
  }
  keys[threadIdx.x] = mine;
  for (int half = 32; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half && keys[threadIdx.x + half] > keys[threadIdx.x]) {
      keys[threadIdx.x] = keys[threadIdx.x + half];
    }
  }
  if (threadIdx.x == 0) best[blockIdx.y * gridDim.x + blockIdx.x] = keys[0];
}
