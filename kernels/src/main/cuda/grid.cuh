// The grid that depth is kept on and the points on its rays, for the kernels that work on it.
#pragma once
#include "parallax.cuh"

namespace {
const float MIN_FORWARD = 0.05f;  // a point nearer to the image plane counts as behind it

/** A motion: 3x4, row by row. */
struct Motion {
  float m[12];
};

/** The grid that depth is kept on, and where it lies in the picture. */
struct Grid {
  int width, height, stride, pictureWidth, pictureHeight;
};

struct Vector {
  float x, y, z;
};

/** m applied to a ray: the direction for r = 0, more of the translation the nearer the point. */
__device__ __forceinline__ Vector apply(const Motion& t, float x, float y, float r) {
  const float* m = t.m;
  return {m[0] * x + m[1] * y + m[2] + r * m[3], m[4] * x + m[5] * y + m[6] + r * m[7],
          m[8] * x + m[9] * y + m[10] + r * m[11]};
}

__device__ __forceinline__ Vector rotate(const Motion& t, float x, float y) {
  const float* m = t.m;
  return {m[0] * x + m[1] * y + m[2], m[4] * x + m[5] * y + m[6], m[8] * x + m[9] * y + m[10]};
}
}  // namespace
