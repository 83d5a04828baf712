// What leaves the node: packed depth, and the distance to the nearest obstacle.
#include "parallax.cuh"

// Depth as ROS's 16UC1, whole units: 0 where it is unknown, infinite or does not fit. Its 32FC1 is
// the depth as it is and needs no kernel. 4 B read, 2 B written a pixel.
PARALLAX_KERNEL(pack_16uc1, const float* depth, double unitsPerOne, unsigned short* packed,
                int pixels) {
  int i = indexOfThread();
  if (i >= pixels) return;
  double units = rint(depth[i] * unitsPerOne);
  packed[i] = units > 0 && units < 65535 ? (unsigned short)units : 0;
}

namespace {
const int FAR = 1 << 20;  // squared voxels: farther than any reach
}

// The first pass of the distance field: along x, squared voxels to the nearest occupied one within
// reach. Exact within the reach because squared distances add over the axes (Felzenszwalb and
// Huttenlocher 2012). 1 B read (2 reach + 1 look-ups), 4 B written a voxel.
PARALLAX_KERNEL(distance_first, const signed char* logOdds, int occupiedFrom, int* squared, int nx,
                int rows, int reach) {
  Pixel p = pixelOfThread();
  if (p.u >= nx || p.v >= rows) return;
  const signed char* row = logOdds + (long long)p.v * nx;
  int best = FAR;
  for (int step = 0; step <= reach && best == FAR; step++) {
    bool left = p.u - step >= 0 && row[p.u - step] >= occupiedFrom;
    bool right = p.u + step < nx && row[p.u + step] >= occupiedFrom;
    if (left || right) best = step * step;
  }
  squared[(long long)p.v * nx + p.u] = best;
}

// A further pass, along lines of n voxels that lie stride apart.
// 4 B read (2 reach + 1 look-ups), 4 B written a voxel.
PARALLAX_KERNEL(distance_pass, const int* in, int* out, int voxels, int stride, int n, int reach) {
  int i = indexOfThread();
  if (i >= voxels) return;
  int along = i / stride % n;
  int best = in[i];
  for (int step = 1; step <= reach && step * step < best; step++) {
    if (along - step >= 0) best = min(best, in[i - step * stride] + step * step);
    if (along + step < n) best = min(best, in[i + step * stride] + step * step);
  }
  out[i] = best;
}

// Metres; NaN for voxels never observed, the reach where nothing is nearer.
// 5 B read, 4 B written a voxel.
PARALLAX_KERNEL(distance_metres, const int* squared, const signed char* logOdds, float* metres,
                int voxels, float voxelM, int reach) {
  int i = indexOfThread();
  if (i >= voxels) return;
  float distance = voxelM * sqrtf((float)min(squared[i], reach * reach));
  metres[i] = logOdds[i] == -128 ? notANumber() : distance;
}
