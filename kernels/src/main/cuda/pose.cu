// Sums over points for the pose: the moments of a weighted rigid fit and the normal equations of
// Gauss-Newton. Accumulated in double; each block's sums are written and added in the order of the
// blocks, so that a result is the same in every run.
#include "parallax.cuh"

namespace {
const int WARPS = 8;  // of a block of 256 threads

/** Sums of a block, left in its thread 0 and written to partial[block][N]. */
template <int N>
__device__ __forceinline__ void writeBlockSums(double (&mine)[N], double (*shared)[N],
                                               double* partial) {
  int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
#pragma unroll
  for (int k = 0; k < N; k++) {
    double x = mine[k];
    for (int step = 1; step < 32; step *= 2) x += __shfl_xor_sync(0xffffffffu, x, step);
    if (lane == 0) shared[warp][k] = x;
  }
  __syncthreads();
  if (threadIdx.x < N) {
    double sum = 0;
    for (int w = 0; w < WARPS; w++) sum += shared[w][threadIdx.x];
    partial[blockIdx.x * N + threadIdx.x] = sum;
  }
}

/** A camera pose for points: 3x4, row by row, and a pinhole camera. */
struct PoseAndCamera {
  double m[12];
  double fx, fy, cx, cy;
};

struct Centroids {
  double p[3];
  double q[3];
};
}  // namespace

// Adds the blocks' sums, in order: one thread a sum.
PARALLAX_KERNEL(add_block_sums, const double* partial, int blocks, int sums, double* out) {
  int k = indexOfThread();
  if (k >= sums) return;
  double sum = 0;
  for (int b = 0; b < blocks; b++) sum += partial[b * sums + k];
  out[k] = sum;
}

// Points in space of a grid of inverse depths: X = ray / rho; NaN where unknown.
// 4 B read, 12 B written a pixel.
PARALLAX_KERNEL(lift_points, const float* rho, const float* slopeX, const float* slopeY,
                float* points, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  int i = p.v * width + p.u;
  float r = rho[i];
  float z = r > 0 ? 1 / r : notANumber();
  points[3 * i] = slopeX[p.u] * z;
  points[3 * i + 1] = slopeY[p.v] * z;
  points[3 * i + 2] = z;
}

// Weighted sums of two point sets: (w, w p, w q), seven sums. Points of no weight or with a value
// that is not finite count nothing. 28 B read a point.
PARALLAX_BLOCK_KERNEL(sum_points, const float* p, const float* q, const float* weights, int points,
                      double* partial) {
  __shared__ double shared[WARPS][7];
  double mine[7] = {0, 0, 0, 0, 0, 0, 0};
  for (int i = indexOfThread(); i < points; i += gridDim.x * blockDim.x) {
    float w = weights[i];
    float check = p[3 * i] + p[3 * i + 1] + p[3 * i + 2] + q[3 * i] + q[3 * i + 1] + q[3 * i + 2];
    if (!(w > 0) || !(fabsf(check) < infinity())) continue;
    mine[0] += w;
    for (int k = 0; k < 3; k++) {
      mine[1 + k] += (double)w * p[3 * i + k];
      mine[4 + k] += (double)w * q[3 * i + k];
    }
  }
  writeBlockSums<7>(mine, shared, partial);
}

// Centred moments of the rigid fit: sum w (q - q0)(p - p0)^T, nine, then w |p - p0|^2 and
// w |q - q0|^2 (Umeyama 1991). 28 B read a point.
PARALLAX_BLOCK_KERNEL(rigid_moments, const float* p, const float* q, const float* weights,
                      int points, Centroids centre, double* partial) {
  __shared__ double shared[WARPS][11];
  double mine[11] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  for (int i = indexOfThread(); i < points; i += gridDim.x * blockDim.x) {
    float w = weights[i];
    float check = p[3 * i] + p[3 * i + 1] + p[3 * i + 2] + q[3 * i] + q[3 * i + 1] + q[3 * i + 2];
    if (!(w > 0) || !(fabsf(check) < infinity())) continue;
    double a[3], b[3];
    for (int k = 0; k < 3; k++) {
      a[k] = p[3 * i + k] - centre.p[k];
      b[k] = q[3 * i + k] - centre.q[k];
    }
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) mine[3 * r + c] += w * b[r] * a[c];
    }
    mine[9] += w * (a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    mine[10] += w * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]);
  }
  writeBlockSums<11>(mine, shared, partial);
}

// Normal equations of one Gauss-Newton step on reprojection errors, Geman-McClure weights:
// the upper triangle of J^T W J row by row (21), J^T W r (6), the robust cost, the number of points.
// A point is a viewing ray (x/z, y/z) with inverse depth; the pose is perturbed from the left,
// translation before rotation. 24 B read a point.
PARALLAX_BLOCK_KERNEL(pose_equations, const float2* rays, const float* rho, const float2* observed,
                      const float* weights, int points, PoseAndCamera pose, double scalePx,
                      double* partial) {
  __shared__ double shared[WARPS][29];
  double mine[29];
#pragma unroll
  for (int k = 0; k < 29; k++) mine[k] = 0;
  const double* m = pose.m;
  for (int i = indexOfThread(); i < points; i += gridDim.x * blockDim.x) {
    double x = rays[i].x, y = rays[i].y, d = rho[i], w = weights[i];
    double px = m[0] * x + m[1] * y + m[2] + d * m[3];
    double py = m[4] * x + m[5] * y + m[6] + d * m[7];
    double pz = m[8] * x + m[9] * y + m[10] + d * m[11];
    if (!(w > 0) || !(pz > 0.05)) continue;
    double a = px / pz, b = py / pz;
    double ru = pose.fx * a + pose.cx - observed[i].x, rv = pose.fy * b + pose.cy - observed[i].y;
    double squared = ru * ru + rv * rv, s2 = scalePx * scalePx;
    if (!(squared < 1e12)) continue;
    double shrink = s2 / (s2 + squared);
    double weight = w * shrink * shrink;
    double fu = pose.fx / pz, fv = pose.fy / pz;
    double ju[6] = {fu * d, 0, -fu * a * d, -fu * a * py, fu * (pz + a * px), -fu * py};
    double jv[6] = {0, fv * d, -fv * b * d, -fv * (pz + b * py), fv * b * px, fv * px};
    int k = 0;
#pragma unroll
    for (int r = 0; r < 6; r++) {
#pragma unroll
      for (int c = r; c < 6; c++) mine[k++] += weight * (ju[r] * ju[c] + jv[r] * jv[c]);
    }
#pragma unroll
    for (int r = 0; r < 6; r++) mine[21 + r] += weight * (ju[r] * ru + jv[r] * rv);
    mine[27] += w * squared * shrink;
    mine[28] += 1;
  }
  writeBlockSums<29>(mine, shared, partial);
}
