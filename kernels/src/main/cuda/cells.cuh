// The cells that motion is judged in, for motion.cu and pieces.cu.
#pragma once
#include "grid.cuh"

namespace {
const int CELL = 2;  // grid pixels along a cell's edge
const int CHANNELS = 6;

/** What a cell is known for. */
enum Flag : u8 {
  CLOSES = 1,  // its flow is finite and closes
  SURE = 2,    // its depth is sure
  GROWS = 4,   // it moves if a neighbour of like flow does
};

/** The cells of a grid. */
struct Cells {
  int width, height;
};

/** A cell's flow (picture pixels, x and y), mean grey level (z) and inverse depth (w). */
typedef float4 Surface;

__device__ __forceinline__ float flowStep(const Surface& a, const Surface& b) {
  return fabsf(a.x - b.x) + fabsf(a.y - b.y);
}

/** Left, right, above, below; -1 outside. */
__device__ __forceinline__ int neighbour(const Cells& c, int i, int side) {
  switch (side) {
    case 0: return i % c.width > 0 ? i - 1 : -1;
    case 1: return i % c.width < c.width - 1 ? i + 1 : -1;
    case 2: return i >= c.width ? i - c.width : -1;
    default: return i < (c.height - 1) * c.width ? i + c.width : -1;
  }
}

/** Two grey pictures of one size. */
struct Pictures {
  const u8* current;
  const u8* previous;
  int width, height;
};

/**
 * Mean absolute grey difference between every second pixel of the patch at a pixel of the current
 * picture and the patch displaced by (du, dv) in the previous one; NaN where either leaves it.
 */
__device__ __forceinline__ float patchDifference(const Pictures& p, int radius, int u, int v,
                                                 float du, float dv) {
  float x = u + du, y = v + dv;
  int right = p.width - radius, bottom = p.height - radius;
  bool isInside = u >= radius && v >= radius && u < right && v < bottom && x >= radius &&
                  y >= radius && x < right - 1 && y < bottom - 1;
  if (!isInside) return notANumber();  // also for NaN
  int x0 = (int)floorf(x), y0 = (int)floorf(y);
  float fx = x - x0, fy = y - y0;
  float sum = 0;
  int count = 0;
  for (int b = -radius; b <= radius; b += 2) {
    const u8* here = p.current + (v + b) * p.width + u;
    const u8* there = p.previous + (y0 + b) * p.width + x0;
    for (int a = -radius; a <= radius; a += 2) {
      float top = (1 - fx) * there[a] + fx * there[a + 1];
      float below = (1 - fx) * there[a + p.width] + fx * there[a + p.width + 1];
      sum += fabsf(here[a] - ((1 - fy) * top + fy * below));
      count++;
    }
  }
  return sum / count;
}
}  // namespace
