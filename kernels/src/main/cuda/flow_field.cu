// Small work on flow fields: chaining, closing, inverting, sampling. The CPU does the same
// operations in the same order, so results agree to the bit.
#include "parallax.cuh"

/** Toward zero as Java does: NaN is 0. */
__device__ __forceinline__ int truncate(float x) { return isNan(x) ? 0 : (int)x; }

/** Four weights and the first index of a bilinear sample. */
struct Bilinear {
  int first;
  float w00, w10, w01, w11;
};

__device__ __forceinline__ Bilinear bilinearAt(float x, float y, int width) {
  int x0 = truncate(x), y0 = truncate(y);
  float fx = x - x0, fy = y - y0;
  return {y0 * width + x0, (1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy};
}

__device__ __forceinline__ float clampInside(float x, int n) {
  return minOrNan(maxOrNan(x, 0), n - 1.001f);
}

// out(u) = first(u) + second(u + first(u)). 16 B read, 8 B written a pixel.
PARALLAX_KERNEL(compose_flow, const float2* first, const float2* second, float2* out, int width,
                int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float2 a = first[p.v * width + p.u];
  Bilinear s = bilinearAt(clampInside(p.u + a.x, width), clampInside(p.v + a.y, height), width);
  const float2* b = second + s.first;
  float x = a.x + s.w00 * b[0].x + s.w10 * b[1].x + s.w01 * b[width].x + s.w11 * b[width + 1].x;
  float y = a.y + s.w00 * b[0].y + s.w10 * b[1].y + s.w01 * b[width].y + s.w11 * b[width + 1].y;
  out[p.v * width + p.u] = make_float2(x, y);
}

// |b(u) + f(u + b(u))|, +Inf where that leaves the picture. 16 B read, 4 B written a pixel.
PARALLAX_KERNEL(flow_inconsistency, const float2* backward, const float2* forward, float* out,
                int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float2 b = backward[p.v * width + p.u];
  float x = p.u + b.x, y = p.v + b.y;
  if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) {
    out[p.v * width + p.u] = infinity();
    return;
  }
  Bilinear s = bilinearAt(x, y, width);
  const float2* f = forward + s.first;
  float du = b.x + s.w00 * f[0].x + s.w10 * f[1].x + s.w01 * f[width].x + s.w11 * f[width + 1].x;
  float dv = b.y + s.w00 * f[0].y + s.w10 * f[1].y + s.w01 * f[width].y + s.w11 * f[width + 1].y;
  out[p.v * width + p.u] = sqrtf(du * du + dv * dv);
}

// Where a flow leads single points: bilinear samples, clamped to the picture. at and led are pixels
// of the picture, stride of which make one of the grid. led goes to a second place, too, as the guess
// that a search begins with. 40 B read, 16 B written a point.
PARALLAX_KERNEL(lead_points, const float2* flow, int width, int height, int stride, const float2* at,
                float2* led, float2* guess, int points) {
  int i = indexOfThread();
  if (i >= points) return;
  float x = (at[i].x + 0.5f) / stride - 0.5f, y = (at[i].y + 0.5f) / stride - 0.5f;
  Bilinear s = bilinearAt(clampInside(x, width), clampInside(y, height), width);
  const float2* f = flow + s.first;
  float du = s.w00 * f[0].x + s.w10 * f[1].x + s.w01 * f[width].x + s.w11 * f[width + 1].x;
  float dv = s.w00 * f[0].y + s.w10 * f[1].y + s.w01 * f[width].y + s.w11 * f[width + 1].y;
  led[i] = guess[i] = make_float2(at[i].x + stride * du, at[i].y + stride * dv);
}

// First half of the inverse: which pixel's vector ends in each pixel, the last in rows where
// several do. last, one more than an index, must be zero. Unknown vectors end nowhere.
// 8 B read, 4 B written a pixel.
PARALLAX_KERNEL(invert_scatter, const float2* flow, int* last, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  int i = p.v * width + p.u;
  if (isNan(flow[i].x) || isNan(flow[i].y)) return;
  int x = roundHalfUp(p.u + flow[i].x), y = roundHalfUp(p.v + flow[i].y);
  if (x >= 0 && y >= 0 && x < width && y < height) atomicMax(&last[y * width + x], i + 1);
}

// Second half: the negated vector, or the nearest to the left, or that of the nearest first column
// above. One block of 256 threads a row. 12 B read, 8 B written a pixel.
PARALLAX_BLOCK_KERNEL(invert_fill, const float2* flow, const int* last, float2* inverse, int width) {
  __shared__ int above;
  __shared__ int lastOfChunk[2][256];
  int row = blockIdx.x, thread = threadIdx.x;
  if (thread == 0) above = -1;
  __syncthreads();
  int mine = -1;
  for (int r = thread; r <= row; r += 256) {
    if (last[r * width] > 0) mine = r;
  }
  if (mine >= 0) atomicMax(&above, mine);
  // The last known column of each thread's stretch, then of all stretches up to it.
  int chunk = (width + 255) / 256, begin = min(thread * chunk, width), end = min(begin + chunk, width);
  int known = -1;
  for (int u = begin; u < end; u++) {
    if (last[row * width + u] > 0) known = u;
  }
  int from = 0;
  lastOfChunk[0][thread] = known;
  for (int step = 1; step < 256; step *= 2) {
    __syncthreads();
    int here = lastOfChunk[from][thread];
    int before = thread >= step ? lastOfChunk[from][thread - step] : -1;
    lastOfChunk[1 - from][thread] = max(here, before);
    from = 1 - from;
  }
  __syncthreads();
  known = thread > 0 ? lastOfChunk[from][thread - 1] : -1;
  int firstColumn = above < 0 ? 0 : last[above * width] - 1;
  for (int u = begin; u < end; u++) {
    if (last[row * width + u] > 0) known = u;
    float2 f = flow[known < 0 ? firstColumn : last[row * width + known] - 1];
    inverse[row * width + u] = make_float2(-f.x, -f.y);
  }
}
