// The temporal depth filter and scene flow, one thread a grid pixel. The method and its constants
// are those of CpuDepthKernels and its parts, in the same arithmetic, so the same to the bit where
// not said otherwise. Bytes are counted per grid pixel.
#include "grid.cuh"

namespace {
const float MOVING = 0.5f;

/** What surfaces around and what patches say of a depth's std; see CpuDepthKernels. */
const float RANGE_SHARE = 0.35f, PATCH_SHARE = 0.7f;
const int PATCH_SPACING = 2;

/** Flow of a grid pixel in picture pixels. */
__device__ __forceinline__ float2 pictureFlow(const float2* flow, const Grid& g, int i) {
  return make_float2(g.stride * flow[i].x, g.stride * flow[i].y);
}
}  // namespace

// Means of 4x4 pixels; what is left over at the right and bottom edge is not looked at.
// 16 B read, 4 B written a reduced pixel.
PARALLAX_KERNEL(quarter_of_grey, const u8* grey, int greyWidth, float* quarter, int width,
                int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  int sum = 0;
  for (int row = 0; row < 4; row++) {
    const u8* at = grey + (4 * p.v + row) * greyWidth + 4 * p.u;
    for (int column = 0; column < 4; column++) sum += at[column];
  }
  quarter[p.v * width + p.u] = sum * 0.0625f;
}

// Products of the quarter picture's gradients, per picture pixel, averaged over 7 in a row.
// The CPU slides its sums, so the last bits differ. 4 B read, 16 B written a reduced pixel.
PARALLAX_KERNEL(gradient_products, const float* quarter, float4* products, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  const float* row = quarter + p.v * width;
  const float* above = quarter + max(p.v - 1, 0) * width;
  const float* below = quarter + min(p.v + 1, height - 1) * width;
  float xx = 0, xy = 0, yy = 0;
  int first = max(p.u - 3, 0), last = min(p.u + 3, width - 1);
  for (int u = first; u <= last; u++) {
    float gx = 0.125f * (row[min(u + 1, width - 1)] - row[max(u - 1, 0)]);
    float gy = 0.125f * (below[u] - above[u]);
    xx += gx * gx;
    xy += gx * gy;
    yy += gy * gy;
  }
  int n = last - first + 1;
  products[p.v * width + p.u] = make_float4(xx / n, xy / n, yy / n, 0);
}

// Averages the products over 7 in a column and inverts: how sure flow can be (uu, uv, vv).
// 16 B read, 16 B written a reduced pixel.
PARALLAX_KERNEL(flow_covariance, const float4* products, float4* covariance, int width, int height,
                float minStdPx) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float xx = 0, xy = 0, yy = 0;
  int first = max(p.v - 3, 0), last = min(p.v + 3, height - 1);
  for (int v = first; v <= last; v++) {
    float4 each = products[v * width + p.u];
    xx += each.x;
    xy += each.y;
    yy += each.z;
  }
  int n = last - first + 1;
  const float scale = 25.0f / (6.0f * 6.0f), prior = 1 / (6.0f * 6.0f);
  float a = scale * (xx / n) + prior, b = scale * (xy / n), c = scale * (yy / n) + prior;
  float inverse = 1 / fmaxf(a * c - b * b, prior * prior);
  float minimum = minStdPx * minStdPx;
  covariance[p.v * width + p.u] =
      make_float4(c * inverse + minimum, -b * inverse, a * inverse + minimum, 0);
}

// From the quarter picture to the grid. 16 B read (fewer where several share one), 12 B written.
PARALLAX_KERNEL(spread_covariance, const float4* covariance, int quarterWidth, int quarterHeight,
                float* out, int stride, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  float4 c = covariance[min(p.v * stride / 4, quarterHeight - 1) * quarterWidth +
                        min(p.u * stride / 4, quarterWidth - 1)];
  float* at = out + 3 * (p.v * width + p.u);
  at[0] = c.x;
  at[1] = c.y;
  at[2] = c.z;
}

namespace {
/** Bits whose unsigned order is that of the numbers. */
__device__ __forceinline__ unsigned ordered(float x) {
  unsigned bits = __float_as_uint(x);
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}
}  // namespace

// Where each belief goes in the current picture: per target the nearest, the first in rows where
// several are as near, as one 64-bit maximum of (inverse depth, complement of the source's index).
// keys must be zero. 12 B read (8 B flow more where moving), 8 B read and written.
PARALLAX_KERNEL(carry_scatter, Grid g, Motion t, float fx, float fy, float cx, float cy,
                const float* slopeX, const float* slopeY, const float* rho, const float* motion,
                const float2* flow, u64* keys) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  int i = p.v * g.width + p.u;
  float r = rho[i];
  if (isNan(r)) return;
  Vector q = apply(t, slopeX[p.u], slopeY[p.v], r);
  if (!(q.z > MIN_FORWARD)) return;
  float carried = r / q.z;
  float u, v;
  if (motion[i] > MOVING) {
    u = p.u + flow[i].x;
    v = p.v + flow[i].y;
  } else {
    u = fx * q.x / q.z + cx;
    v = fy * q.y / q.z + cy;
  }
  if (!(u > -0.5f && v > -0.5f && u < g.width - 0.5f && v < g.height - 0.5f) || isNan(carried)) {
    return;
  }
  int target = (int)(v + 0.5f) * g.width + (int)(u + 0.5f);
  atomicMax(&keys[target], (u64)ordered(carried) << 32 | (0xffffffffu - (unsigned)i));
}

// The belief that won each target, with what the motion does to its variance.
// 8 B and a gather of 12 B read, 16 B written.
PARALLAX_KERNEL(carry_gather, Grid g, Motion t, const float* slopeX, const float* slopeY,
                const float* rho, const float* variance, const float* motion, const u64* keys,
                float addedRelativeVariance, float4* carried) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  int target = p.v * g.width + p.u;
  u64 key = keys[target];
  if (key == 0) {
    carried[target] = make_float4(notANumber(), notANumber(), 0, 0);
    return;
  }
  int i = (int)(0xffffffffu - (unsigned)key);
  float r = rho[i];
  float z = apply(t, slopeX[i % g.width], slopeY[i / g.width], r).z;
  float there = r / z;
  // d(rho') / d(rho) = (1 - rho' t_z) / p_z.
  float gain = (1 - there * t.m[11]) / z;
  carried[target] =
      make_float4(there, gain * gain * variance[i] + addedRelativeVariance * there * there,
                  motion[i], 0);
}

namespace {
__device__ __forceinline__ bool isSameSurface(const float4& a, const float4& b) {
  float difference = a.x - b.x;
  return difference * difference <= 9 * (a.y + b.y);  // false also when either is NaN
}
}  // namespace

// Fills a pixel that lies between two known ones of the same surface; from what was carried, never
// from what another pixel was filled with (the CPU, which goes in rows, may chain).
// 16 B read, 12 B written.
PARALLAX_KERNEL(close_holes, const float4* carried, float* rho, float* variance, float* motion,
                int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  int i = p.v * width + p.u;
  float4 here = carried[i];
  bool isInside = p.u >= 1 && p.v >= 1 && p.u < width - 1 && p.v < height - 1;
  if (isNan(here.x) && isInside) {
    float4 a = carried[i - 1], b = carried[i + 1];
    bool isBetween = isSameSurface(a, b);
    if (!isBetween) {
      a = carried[i - width];
      b = carried[i + width];
      isBetween = isSameSurface(a, b);
    }
    if (isBetween) {
      float difference = a.x - b.x;
      here = make_float4(0.5f * (a.x + b.x), 0.5f * (a.y + b.y) + 0.25f * difference * difference,
                         maxOrNan(a.z, b.z), 0);
    }
  }
  rho[i] = here.x;
  variance[i] = here.y;
  motion[i] = here.z;
}

namespace {
/** What is believed of one pixel. */
struct Belief {
  float rho, variance;
};

/** Grows the variance, at most to where nothing is known but the order of magnitude. */
__device__ __forceinline__ Belief doubted(Belief b, float factor) {
  b.variance = minOrNan(factor * b.variance, maxOrNan(b.variance, square(b.rho)));
  return b;
}

__device__ __forceinline__ Belief fused(Belief b, float measured, float rawVariance, float gate) {
  bool known = !isNan(b.rho);
  float scale = maxOrNan(measured, known ? b.rho : 0);
  float v = 4 * rawVariance + square(0.02f * scale);
  if (!known) {
    if (measured > 0 || measured * measured < 9 * v) {
      b.rho = maxOrNan(measured, 0.05f * sqrtf(v));
      b.variance = v;
    }
    return b;
  }
  float difference = measured - b.rho;
  if (difference * difference > gate * (b.variance + v)) {
    b = doubted(b, 1.5f);
    if (b.variance > v && measured > 0) b = {measured, v};
    return b;
  }
  float gain = b.variance / (b.variance + v);
  float mean = b.rho + gain * difference;
  if (mean > 0) {
    b.rho = mean;
    b.variance = maxOrNan((1 - gain) * b.variance,
                          minOrNan(b.variance, rawVariance + square(0.01f * mean)));
  }
  return b;
}
}  // namespace

// Inverse depth by triangulation along a flow, fused into the belief: r' x (R r + rho t) = 0.
// 8 B flow, 4 B, 12 B, 12 B read, 12 B written.
PARALLAX_KERNEL(fuse_triangulated, Grid g, Motion t, float fx, float fy, const float* slopeX,
                const float* slopeY, const float2* flow, const float* inconsistency,
                const float* covariance, float maxInconsistency, float gate, float* rho,
                float* variance, const float* motion, float* across) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  int i = p.v * g.width + p.u;
  float open = g.stride * inconsistency[i];
  across[i] = notANumber();
  if (!(open <= maxInconsistency)) return;
  const float* m = t.m;
  float x = slopeX[p.u], y = slopeY[p.v];
  float2 f = pictureFlow(flow, g, i);
  float xr = x + f.x / fx, yr = y + f.y / fy;
  Vector d = rotate(t, x, y);
  float ax = yr * d.z - d.y, ay = d.x - xr * d.z, az = xr * d.y - yr * d.x;
  float bx = yr * m[11] - m[7], by = m[3] - xr * m[11], bz = xr * m[7] - yr * m[3];
  float bb = bx * bx + by * by + bz * bz;
  if (!(bb > 1e-12f)) return;  // at the epipole
  float measured = -(ax * bx + ay * by + az * bz) / bb;
  float qz = d.z + measured * m[11];
  if (!(qz > MIN_FORWARD)) return;
  float qx = d.x + measured * m[3], qy = d.y + measured * m[7];
  float iz = 1 / qz;
  float ju = fx * (m[3] - qx * iz * m[11]) * iz, jv = fy * (m[7] - qy * iz * m[11]) * iz;
  float jj = ju * ju + jv * jv;
  if (!(jj > 1e-6f)) return;
  float extra = 0.25f * open * open;
  float uu = covariance[3 * i] + extra, uv = covariance[3 * i + 1];
  float vv = covariance[3 * i + 2] + extra;
  float eu = fx * (xr - qx * iz), ev = fy * (yr - qy * iz);
  if (measured * measured * jj > 2.0f * 2.0f) {
    float promised = uu * jv * jv - 2 * uv * ju * jv + vv * ju * ju;
    across[i] = fabsf(ev * ju - eu * jv) / sqrtf(promised);
  }
  float determinant = uu * vv - uv * uv;
  bool offEpipolar = vv * eu * eu - 2 * uv * eu * ev + uu * ev * ev > gate * determinant;
  Belief b = {rho[i], variance[i]};
  if (offEpipolar || motion[i] > MOVING) {
    b = doubted(b, 1.1f);  // nothing learnt about a point that does not stand still
  } else {
    float noise = (uu * ju * ju + 2 * uv * ju * jv + vv * jv * jv) / jj;
    b = fused(b, measured, noise / jj, gate);
  }
  rho[i] = b.rho;
  variance[i] = b.variance;
}

// Fuses a depth known from elsewhere. 16 B read, 8 B written.
PARALLAX_KERNEL(fuse_depth, const float* depth, const float* std, double gate, float* rho,
                float* variance, int pixels) {
  int i = indexOfThread();
  if (i >= pixels) return;
  float d = depth[i], s = std[i];
  if (!(d > 0) || !(s > 0) || d == infinity()) return;
  float measured = 1 / d, relative = s / d;
  float measuredVariance = relative * relative * measured * measured;
  float difference = measured - rho[i], old = variance[i];
  if (isNan(rho[i]) || difference * difference > gate * (old + measuredVariance)) {
    rho[i] = measured;
    variance[i] = measuredVariance;
    return;
  }
  float gain = old / (old + measuredVariance);
  rho[i] += gain * difference;
  variance[i] = old * (1 - gain);
}

// What the measured flow has beyond that of a resting point, and its squared Mahalanobis distance.
// 8 B flow, 4 B, 12 B, 12 B read; 12 B written.
PARALLAX_KERNEL(residual_flow, Grid g, Motion t, float fx, float fy, const float* slopeX,
                const float* slopeY, const float2* flow, const float* inconsistency,
                const float* covariance, float maxInconsistency, float gate, const float* rho,
                const float* variance, const float* motion, float* residual) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  int i = p.v * g.width + p.u;
  float open = g.stride * inconsistency[i];
  float r = rho[i];
  if (!(open <= maxInconsistency) || isNan(r)) {
    residual[3 * i] = residual[3 * i + 1] = residual[3 * i + 2] = notANumber();
    return;
  }
  const float* m = t.m;
  float x = slopeX[p.u], y = slopeY[p.v];
  Vector q = apply(t, x, y, r);
  float iz = 1 / maxOrNan(q.z, MIN_FORWARD);
  float2 f = pictureFlow(flow, g, i);
  float ru = f.x - fx * (q.x * iz - x), rv = f.y - fy * (q.y * iz - y);
  float ju = fx * (m[3] - q.x * iz * m[11]) * iz, jv = fy * (m[7] - q.y * iz * m[11]) * iz;
  float extra = 0.25f * open * open;
  float doubt = minOrNan(variance[i], 1.0f * r * r);
  float uu = covariance[3 * i] + extra + doubt * ju * ju;
  float uv = covariance[3 * i + 1] + doubt * ju * jv;
  float vv = covariance[3 * i + 2] + extra + doubt * jv * jv;
  float d2 = (vv * ru * ru - 2 * uv * ru * rv + uu * rv * rv) / (uu * vv - uv * uv);
  residual[3 * i] = ru;
  residual[3 * i + 1] = rv;
  residual[3 * i + 2] = motion[i] > MOVING ? d2 : minOrNan(d2, gate);
}

// s(u) = (X_c(u) - T_c_p X_p(u + f)) / dt, shrunk to zero where it is noise.
// 8 B flow, 12 B, 20 B read, 13 B written.
PARALLAX_KERNEL(scene_velocity, Grid g, Motion t, float fx, float fy, const float* slopeX,
                const float* slopeY, const float2* flow, const float* residual,
                const float* previousRho, const float* previousVariance, const float* rho,
                const float* variance, const float* motion, float intervalS, float* velocity,
                u8* labels) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  int i = p.v * g.width + p.u;
  float d2 = residual[3 * i + 2];
  bool isTested = !isNan(d2);
  labels[i] = motion[i] > MOVING ? 255 : !isTested ? 127 : 0;
  float* out = velocity + 3 * i;
  out[0] = out[1] = out[2] = notANumber();
  if (!isTested || !(rho[i] > 0)) return;
  // Positive-part shrinkage (James and Stein 1961); 95 % of chi-squared with two degrees.
  float shrink = maxOrNan(0, 1 - 5.99f / d2);
  if (!(shrink > 0)) {
    out[0] = out[1] = out[2] = 0;
    return;
  }
  float2 f = pictureFlow(flow, g, i);
  int up = roundHalfUp(p.u + flow[i].x), vp = roundHalfUp(p.v + flow[i].y);
  if (up < 0 || vp < 0 || up >= g.width || vp >= g.height) return;
  int before = vp * g.width + up;
  float rp = previousRho[before];
  if (!(rp > 0)) return;
  const float* m = t.m;
  float zp = 1 / rp;
  float x = slopeX[p.u], y = slopeY[p.v];
  float xp = (x + f.x / fx) * zp, yp = (y + f.y / fy) * zp;
  float z = 1 / rho[i];
  float dx = x * z - (m[0] * xp + m[1] * yp + m[2] * zp + m[3]);
  float dy = y * z - (m[4] * xp + m[5] * yp + m[6] * zp + m[7]);
  float dz = z - (m[8] * xp + m[9] * yp + m[10] * zp + m[11]);
  float noise = variance[i] * z * z * z * z + previousVariance[before] * zp * zp * zp * zp;
  // Along the ray: a Wiener filter whose prior is how far the point went across it.
  float n2 = x * x + y * y + 1;
  float along = (dx * x + dy * y + dz) / n2;
  float ax = dx - along * x, ay = dy - along * y, az = dz - along;
  float prior = 0.5f * (ax * ax + ay * ay + az * az) / n2;
  float kept = prior > 0 ? along * (prior / (prior + noise)) : 0;
  float scale = shrink / intervalS;
  out[0] = scale * (ax + kept * x);
  out[1] = scale * (ay + kept * y);
  out[2] = scale * (az + kept);
}

namespace {
/** Grey smoothed by (1 2 1)/4 both ways, and its slopes. */
struct SoftGrey {
  float value, perU, perV;
};

/** The sixteen pixels around a place, weighted; false where it is too near the edge or outside. */
__device__ bool softGrey(const u8* grey, int width, int height, float x, float y, SoftGrey* out) {
  if (!(x >= 1 && y >= 1 && x < width - 2 && y < height - 2)) return false;
  int x0 = (int)x, y0 = (int)y;
  float fx = x - x0, fy = y - y0;
  SoftGrey s = {0, 0, 0};
  for (int row = 0; row < 4; row++) {
    const u8* at = grey + (y0 + row - 1) * width + x0 - 1;
    int a = at[0], b = at[1], c = at[2], d = at[3];
    float across = (1 - fx) * a + (2 - fx) * b + (1 + fx) * c + fx * d;
    float weight = row == 0 ? 1 - fy : row == 1 ? 2 - fy : row == 2 ? 1 + fy : fy;
    s.value += weight * across;
    s.perU += weight * (c + d - a - b);
    s.perV += row < 2 ? -across : across;
  }
  *out = {s.value * 0.0625f, s.perU * 0.0625f, s.perV * 0.0625f};
  return true;
}

__device__ __forceinline__ int samplesOf(int gridPixels) {
  return (gridPixels + PATCH_SPACING - 1) / PATCH_SPACING;
}

// What the patch around a sample says against its depth; see PatchDoubt. 0 where nothing can be
// compared.
__device__ float doubtOf(const float4* seen, Pixel p, int reach, int width, int height) {
  float parallax = seen[p.v * width + p.u].w;
  if (!(parallax >= 0)) return 0;
  float sums[7] = {0, 0, 0, 0, 0, 0, 0};
  for (int u = max(p.u - reach, 0); u <= min(p.u + reach, width - 1); u++) {
    float column[7] = {0, 0, 0, 0, 0, 0, 0};
    for (int v = max(p.v - reach, 0); v <= min(p.v + reach, height - 1); v++) {
      float4 s = seen[v * width + u];
      column[0] += s.w >= 0 ? 1 : 0;
      column[1] += s.x;
      column[2] += s.y;
      column[3] += s.x * s.x;
      column[4] += s.y * s.y;
      column[5] += s.x * s.y;
      column[6] += s.z * s.z;
    }
    for (int k = 0; k < 7; k++) sums[k] += column[k];
  }
  if (!(sums[0] > 0.5f * (2 * reach + 1) * (2 * reach + 1))) return 0;
  const float noise = 9, flat = 4, maxGain = 1.4f;
  float n = sums[0];
  float meanHere = sums[1] / n, meanThere = sums[2] / n;
  float varianceHere = fmaxf(sums[3] / n - meanHere * meanHere, 0);
  float varianceThere = fmaxf(sums[4] / n - meanThere * meanThere, 0);
  float both = sums[5] / n - meanHere * meanThere;
  float gain = sqrtf((varianceHere + flat) / (varianceThere + flat));
  gain = fminf(maxGain, fmaxf(1 / maxGain, gain));
  float differs = varianceHere + gain * gain * varianceThere - 2 * gain * both;
  float perPixel = gain * gain * (sums[6] / n) + noise;
  return sqrtf(fmaxf(differs, 0) / perPixel) / fmaxf(parallax, 0.1f);
}
}  // namespace

// Grey of resting points here and in the reference, the reference's slope along what depth shifts,
// and the parallax of the whole inverse depth, picture pixels; negative where nothing is seen. A
// thread is a sample, every second grid pixel either way. 10 B read (a grid pixel's share of
// both pictures among them), 4 B written.
PARALLAX_KERNEL(look_at_patches, Grid g, Motion t, float fx, float fy, const float* slopeX,
                const float* slopeY, float cx, float cy, float centre, const u8* grey,
                const u8* reference, const float* rho, float4* seen) {
  Pixel sample = pixelOfThread();
  int across = samplesOf(g.width);
  if (sample.u >= across || sample.v >= samplesOf(g.height)) return;
  Pixel p = {PATCH_SPACING * sample.u, PATCH_SPACING * sample.v};
  int i = sample.v * across + sample.u;
  seen[i] = make_float4(0, 0, 0, -1);
  float r = rho[p.v * g.width + p.u];
  if (!(r > 0)) return;
  const float* m = t.m;
  Vector q = apply(t, slopeX[p.u], slopeY[p.v], r);
  if (!(q.z > MIN_FORWARD)) return;
  float iz = 1 / q.z;
  float toX = q.x * iz, toY = q.y * iz;
  float ju = fx * (m[3] - toX * m[11]) * iz, jv = fy * (m[7] - toY * m[11]) * iz;
  float shift = sqrtf(ju * ju + jv * jv);
  SoftGrey now, then;
  if (!(shift > 0) ||
      !softGrey(grey, g.pictureWidth, g.pictureHeight, p.u * g.stride + centre,
                p.v * g.stride + centre, &now) ||
      !softGrey(reference, g.pictureWidth, g.pictureHeight, fx * toX + cx, fy * toY + cy, &then)) {
    return;
  }
  seen[i] = make_float4(now.value - 128, then.value - 128,
                        (then.perU * ju + then.perV * jv) / shift, shift * r);
}

// How far off the patches say depth may be, as a share of it; see PatchDoubt. A thread is a sample.
// Mostly from the cache a window of 4 B read, 4 B written.
PARALLAX_KERNEL(patch_doubt, const float4* seen, int reach, float* doubt, int width, int height) {
  Pixel p = pixelOfThread();
  int across = samplesOf(width), down = samplesOf(height);
  if (p.u >= across || p.v >= down) return;
  float told = doubtOf(seen, p, reach, across, down);
  for (int v = PATCH_SPACING * p.v; v < min(PATCH_SPACING * (p.v + 1), height); v++) {
    for (int u = PATCH_SPACING * p.u; u < min(PATCH_SPACING * (p.u + 1), width); u++) {
      doubt[v * width + u] = told;
    }
  }
}

// Depth and standard deviation of what is sure enough. The std takes in how far apart the surfaces
// within reach lie, and what the pictures say against depth. 12 B and, mostly from the cache, a
// window of 8 B read, 8 B written.
PARALLAX_KERNEL(publish_depth, const float* rho, const float* variance, const float* doubt,
                float limit, float factor, int reach, float* depth, float* std, int width, int height) {
  Pixel p = pixelOfThread();
  if (p.u >= width || p.v >= height) return;
  const float sure = 0.3f * 0.3f;
  float least = infinity(), most = 0;
  for (int v = max(p.v - reach, 0); v <= min(p.v + reach, height - 1); v++) {
    for (int u = max(p.u - reach, 0); u <= min(p.u + reach, width - 1); u++) {
      float each = rho[v * width + u];
      if (each > 0 && variance[v * width + u] <= sure * each * each) {
        least = fminf(least, each);
        most = fmaxf(most, each);
      }
    }
  }
  float range = most > 0 ? most - least : 0;
  int i = p.v * width + p.u;
  float r = rho[i];
  float byRange = RANGE_SHARE * range, byPatch = PATCH_SHARE * doubt[i] * r;
  float total = factor * variance[i] + byRange * byRange + byPatch * byPatch;
  // Relative std of depth equals that of inverse depth to first order.
  bool isSure = r > 0 && total <= limit * r * r;
  depth[i] = isSure ? 1 / r : notANumber();
  std[i] = isSure ? sqrtf(total) / (r * r) : notANumber();
}

// Leaves out what is farther than the ground, whose inverse depth is affine in the rays' slopes, by
// two std. 8 B read; where the ground is, up to 9 B written.
PARALLAX_KERNEL(leave_out_beneath, Grid g, const float* slopeX, const float* slopeY, float perX,
                float perY, float onAxis, const float* rho, const float* variance, float* depth,
                float* std, u8* labels) {
  Pixel p = pixelOfThread();
  if (p.u >= g.width || p.v >= g.height) return;
  float ofGround = perX * slopeX[p.u] + perY * slopeY[p.v] + onAxis;
  int i = p.v * g.width + p.u;
  if (!(ofGround > 0) || !(rho[i] + 2 * sqrtf(variance[i]) < ofGround)) return;
  depth[i] = std[i] = notANumber();
  if (labels[i] == 0) labels[i] = 127;
}

// All depths times 1 / inverse. 8 B read, 8 B written.
PARALLAX_KERNEL(rescale_depth, float* rho, float* variance, float inverse, int pixels) {
  int i = indexOfThread();
  if (i >= pixels) return;
  rho[i] *= inverse;
  variance[i] *= inverse * inverse;
}
