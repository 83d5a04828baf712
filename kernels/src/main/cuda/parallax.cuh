// What every kernel file shares. The same files are compiled by nvcc to PTX and, for tests on
// machines without a GPU, by g++ (src/test/cuda/cuda_shim.h), so they keep to a small part of CUDA:
// static shared memory, __syncthreads, xor shuffles, integer atomics, no launches.
//
// Floating point: built with -fmad=false, divisions and roots correctly rounded. Where the CPU's
// twin does the same operations in the same order, results are the same to the bit.
#pragma once

#ifndef PARALLAX_SHIM
// A kernel whose threads do not wait for one another; and one whose threads do.
#define PARALLAX_KERNEL(name, ...) extern "C" __global__ void __launch_bounds__(256) name(__VA_ARGS__)
#define PARALLAX_BLOCK_KERNEL(name, ...) PARALLAX_KERNEL(name, __VA_ARGS__)
#endif

typedef unsigned char u8;
typedef unsigned long long u64;

/** The pixel of a thread in a grid of 32x8 blocks. */
struct Pixel {
  int u, v;
};

__device__ __forceinline__ Pixel pixelOfThread() {
  return {(int)(blockIdx.x * blockDim.x + threadIdx.x), (int)(blockIdx.y * blockDim.y + threadIdx.y)};
}

__device__ __forceinline__ int indexOfThread() { return blockIdx.x * blockDim.x + threadIdx.x; }

__device__ __forceinline__ int clampIndex(int i, int n) { return min(max(i, 0), n - 1); }

/** Mirrors an index outside, not repeating the edge: -1 is 1, n is n-2; clamped if still outside. */
__device__ __forceinline__ int mirrorIndex(int i, int n) {
  i = i < 0 ? -i : i;
  return clampIndex(i >= n ? 2 * n - 2 - i : i, n);
}

__device__ __forceinline__ bool isNan(float x) { return x != x; }

__device__ __forceinline__ float notANumber() { return __int_as_float(0x7fc00000); }

__device__ __forceinline__ float infinity() { return __int_as_float(0x7f800000); }

__device__ __forceinline__ float square(float x) { return x * x; }

/** Java's Math.round: to nearest, halves up, NaN to 0, saturating. */
__device__ __forceinline__ int roundHalfUp(float x) {
  if (isNan(x)) return 0;
  float below = floorf(x);
  float rounded = x - below >= 0.5f ? below + 1 : below;
  if (rounded >= 2147483648.0f) return 2147483647;
  return rounded < -2147483648.0f ? (int)0x80000000 : (int)rounded;
}

/** Java's Math.min and Math.max: NaN if either is. */
__device__ __forceinline__ float minOrNan(float a, float b) { return isNan(a) || a < b ? a : b; }

__device__ __forceinline__ float maxOrNan(float a, float b) { return isNan(a) || a > b ? a : b; }
