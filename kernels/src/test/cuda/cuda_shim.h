// Lets g++ compile the .cu files: what they use of CUDA's language, run on the CPU.
//
// A block's threads are fibers on one operating-system thread, one block after the other.
// __syncthreads and warp shuffles yield to the next fiber. Kernels declared with PARALLAX_KERNEL
// have no barriers and run as a plain loop. Floating point is IEEE without contraction, as nvcc
// is asked for with -fmad=false, so that results agree to the bit but for library functions.
#pragma once
#define PARALLAX_SHIM 1

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#define __global__
#define __device__
#define __host__
#define __constant__
#define __shared__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...)

struct dim3 {
  unsigned x, y, z;
};
struct float2 { float x, y; };
struct alignas(16) float4 { float x, y, z, w; };
struct double2 { double x, y; };
struct int2 { int x, y; };
struct int4 { int x, y, z, w; };
struct alignas(4) uchar4 { unsigned char x, y, z, w; };
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline int2 make_int2(int x, int y) { return {x, y}; }

extern dim3 gridDim, blockDim, blockIdx, threadIdx;

namespace shim {
using Invoker = void (*)(void* function, void** arguments);

struct Kernel {
  const char* name;
  void* function;
  Invoker invoke;
  int arguments;
  const std::size_t* argumentBytes;
  bool hasBarriers;
};

bool add(const Kernel& kernel);
void yieldAtBarrier();
void exchange(unsigned mask, const void* mine, void* theirs, int lane, int bytes);

template <class... A, std::size_t... I>
void call(void (*function)(A...), void** arguments, std::index_sequence<I...>) {
  function(*static_cast<A*>(arguments[I])...);
}

template <class... A>
bool add(const char* name, void (*function)(A...), bool hasBarriers) {
  Invoker invoke = [](void* f, void** arguments) {
    call(reinterpret_cast<void (*)(A...)>(f), arguments, std::index_sequence_for<A...>{});
  };
  static const std::size_t bytes[] = {sizeof(A)...};
  return add(
      Kernel{name, reinterpret_cast<void*>(function), invoke, sizeof...(A), bytes, hasBarriers});
}
}  // namespace shim

#define PARALLAX_SHIM_KERNEL(name, barriers, ...)                                       \
  void name(__VA_ARGS__);                                                               \
  static const bool shim_registered_##name = shim::add(#name, &name, barriers);         \
  void name(__VA_ARGS__)
#define PARALLAX_KERNEL(name, ...) PARALLAX_SHIM_KERNEL(name, false, __VA_ARGS__)
#define PARALLAX_BLOCK_KERNEL(name, ...) PARALLAX_SHIM_KERNEL(name, true, __VA_ARGS__)

inline void __syncthreads() { shim::yieldAtBarrier(); }

template <class T>
T __shfl_xor_sync(unsigned mask, T value, int laneMask) {
  T theirs;
  shim::exchange(mask, &value, &theirs, (threadIdx.x & 31) ^ laneMask, sizeof(T));
  return theirs;
}

inline int __float_as_int(float x) { int i; std::memcpy(&i, &x, 4); return i; }
inline unsigned __float_as_uint(float x) { unsigned i; std::memcpy(&i, &x, 4); return i; }
inline float __int_as_float(int i) { float x; std::memcpy(&x, &i, 4); return x; }
inline float __uint_as_float(unsigned i) { float x; std::memcpy(&x, &i, 4); return x; }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz(x); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int min(int a, int b) { return a < b ? a : b; }
inline int max(int a, int b) { return a > b ? a : b; }

template <class T, class U>
T atomicAdd(T* at, U value) { T old = *at; *at = old + value; return old; }
template <class T, class U>
T atomicMax(T* at, U value) { T old = *at; if (T(value) > old) *at = value; return old; }
template <class T, class U>
T atomicMin(T* at, U value) { T old = *at; if (T(value) < old) *at = value; return old; }
template <class T>
T atomicCAS(T* at, T expected, T value) { T old = *at; if (old == expected) *at = value; return old; }
