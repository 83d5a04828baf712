// The part of NVIDIA's driver interface that the host code uses, answered by the CPU: a
// libcuda.so.1 for machines without a GPU. Work is done at once, in the caller's thread.
//
// It is strict where the real one would crash or corrupt: copies are checked against the
// allocations, each allocation is surrounded by guard bytes that are looked at after every launch,
// and these and fresh memory are 0xFF, so that what a kernel reads outside or forgets to write shows
// up as NaN.
//
// Environment: PARALLAX_SHIM_FAIL=FUNCTION:N:CODE lets the N-th call of a function answer CODE,
// and all calls after it if CODE is one that breaks a context; PARALLAX_SHIM_MEMORY=BYTES bounds
// the memory; PARALLAX_SHIM_VERSION is the CUDA version the driver claims.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

#include "block_runner.h"

#define SHIM_API extern "C" __attribute__((visibility("default")))

namespace {
enum Result {
  success = 0,
  invalidValue = 1,
  outOfMemory = 2,
  notInitialized = 3,
  noDevice = 100,
  invalidDevice = 101,
  invalidContext = 201,
  invalidPtx = 218,
  notFound = 500,
  illegalAddress = 700,
  launchFailed = 719,
};

constexpr std::size_t guardBytes = 256;
constexpr unsigned char guardByte = 0xFF;

struct Module {
  std::string ptx;
};

struct Event {
  std::chrono::steady_clock::time_point at;
};

std::recursive_mutex lock;
std::map<char*, std::size_t> deviceMemory;
std::size_t used = 0;
bool initialized = false;
int retained = 0;
int broken = 0;
std::map<std::string, int> callsOf;
thread_local bool contextIsCurrent = false;
char contextObject;

std::size_t totalMemory() {
  const char* limit = std::getenv("PARALLAX_SHIM_MEMORY");
  return limit == nullptr ? std::size_t{8} << 30 : std::strtoull(limit, nullptr, 10);
}

/** What a call has to answer before it does anything: 0 to go on. */
int refusal(const char* function, bool needsContext) {
  if (broken != 0) return broken;
  int calls = ++callsOf[function];
  if (const char* fail = std::getenv("PARALLAX_SHIM_FAIL")) {
    char name[64];
    int at = 0, code = 0;
    if (std::sscanf(fail, "%63[^:]:%d:%d", name, &at, &code) == 3 && calls == at &&
        std::string(name) == function) {
      if (code == illegalAddress || code == launchFailed) broken = code;
      return code;
    }
  }
  if (needsContext && !initialized) return notInitialized;
  return needsContext && !contextIsCurrent ? invalidContext : success;
}

bool guardsAreWhole() {
  for (auto& [begin, bytes] : deviceMemory) {
    for (std::size_t i = 0; i < guardBytes; i++) {
      if (static_cast<unsigned char>(begin[-1 - static_cast<std::ptrdiff_t>(i)]) != guardByte ||
          static_cast<unsigned char>(begin[bytes + i]) != guardByte) {
        return false;
      }
    }
  }
  return true;
}

bool isInside(const void* at, std::size_t bytes) {
  char* begin = static_cast<char*>(const_cast<void*>(at));
  auto after = deviceMemory.upper_bound(begin);
  if (after == deviceMemory.begin()) return false;
  auto it = std::prev(after);
  return begin + bytes <= it->first + it->second;
}
}  // namespace

#define SHIM_ENTER(needsContext)                                   \
  std::lock_guard<std::recursive_mutex> held(lock);                \
  if (int code = refusal(__func__ + 0, needsContext)) return code

SHIM_API int cuInit(unsigned) {
  SHIM_ENTER(false);
  initialized = true;
  return success;
}

SHIM_API int cuDriverGetVersion(int* version) {
  const char* claimed = std::getenv("PARALLAX_SHIM_VERSION");
  *version = claimed == nullptr ? 13000 : std::atoi(claimed);
  return success;
}

SHIM_API int cuGetErrorName(int code, const char** name) {
  switch (code) {
    case success: *name = "CUDA_SUCCESS"; break;
    case invalidValue: *name = "CUDA_ERROR_INVALID_VALUE"; break;
    case outOfMemory: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
    case notInitialized: *name = "CUDA_ERROR_NOT_INITIALIZED"; break;
    case noDevice: *name = "CUDA_ERROR_NO_DEVICE"; break;
    case invalidDevice: *name = "CUDA_ERROR_INVALID_DEVICE"; break;
    case invalidContext: *name = "CUDA_ERROR_INVALID_CONTEXT"; break;
    case invalidPtx: *name = "CUDA_ERROR_INVALID_PTX"; break;
    case notFound: *name = "CUDA_ERROR_NOT_FOUND"; break;
    case illegalAddress: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
    case launchFailed: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
    default: *name = "CUDA_ERROR_UNKNOWN"; break;
  }
  return success;
}

SHIM_API int cuGetErrorString(int code, const char** text) {
  *text = code == illegalAddress ? "an illegal memory access was encountered" : "answered by the CPU shim";
  return success;
}

SHIM_API int cuDeviceGetCount(int* count) {
  SHIM_ENTER(false);
  *count = 1;
  return success;
}

SHIM_API int cuDeviceGet(int* device, int ordinal) {
  SHIM_ENTER(false);
  if (ordinal != 0) return invalidDevice;
  *device = 0;
  return success;
}

SHIM_API int cuDeviceGetName(char* name, int length, int) {
  SHIM_ENTER(false);
  std::snprintf(name, length, "CPU shim");
  return success;
}

SHIM_API int cuDeviceGetAttribute(int* value, int attribute, int) {
  SHIM_ENTER(false);
  switch (attribute) {
    case 75: *value = 9; break;    // compute capability, major
    case 76: *value = 0; break;    // minor
    case 16: *value = 1; break;    // multiprocessors
    default: *value = 0; break;
  }
  return success;
}

SHIM_API int cuDeviceTotalMem_v2(std::size_t* bytes, int) {
  SHIM_ENTER(false);
  *bytes = totalMemory();
  return success;
}

SHIM_API int cuDevicePrimaryCtxRetain(void** context, int) {
  SHIM_ENTER(false);
  retained++;
  *context = &contextObject;
  return success;
}

SHIM_API int cuDevicePrimaryCtxRelease_v2(int) {
  SHIM_ENTER(false);
  if (--retained == 0) {
    for (auto& [begin, bytes] : deviceMemory) std::free(begin - guardBytes);
    deviceMemory.clear();
    used = 0;
  }
  return retained < 0 ? invalidContext : success;
}

SHIM_API int cuCtxSetCurrent(void* context) {
  SHIM_ENTER(false);
  contextIsCurrent = context == &contextObject;
  return success;
}

SHIM_API int cuMemGetInfo_v2(std::size_t* free, std::size_t* total) {
  SHIM_ENTER(true);
  *total = totalMemory();
  *free = *total - used;
  return success;
}

SHIM_API int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
  SHIM_ENTER(true);
  std::string ptx(static_cast<const char*>(image));
  if (ptx.find(".target sm_75") == std::string::npos) return invalidPtx;
  *module = new Module{ptx};
  return success;
}

SHIM_API int cuModuleUnload(void* module) {
  SHIM_ENTER(true);
  delete static_cast<Module*>(module);
  return success;
}

SHIM_API int cuModuleGetFunction(void** function, void* module, const char* name) {
  SHIM_ENTER(true);
  bool isInPtx = static_cast<Module*>(module)->ptx.find(".entry " + std::string(name) + "(") !=
                 std::string::npos;
  const shim::Kernel* kernel = shim::find(name);
  if (!isInPtx || kernel == nullptr) return notFound;
  *function = const_cast<shim::Kernel*>(kernel);
  return success;
}

SHIM_API int cuMemAlloc_v2(void** address, std::size_t bytes) {
  SHIM_ENTER(true);
  if (bytes == 0) return invalidValue;
  if (used + bytes > totalMemory()) return outOfMemory;
  char* whole = static_cast<char*>(std::aligned_alloc(256, (bytes + 2 * guardBytes + 255) & ~255ul));
  if (whole == nullptr) return outOfMemory;
  char* begin = whole + guardBytes;
  std::memset(whole, guardByte, guardBytes);
  std::memset(begin, 0xFF, bytes);
  std::memset(begin + bytes, guardByte, guardBytes);
  deviceMemory[begin] = bytes;
  used += bytes;
  *address = begin;
  return success;
}

SHIM_API int cuMemFree_v2(char* address) {
  SHIM_ENTER(true);
  auto found = deviceMemory.find(address);
  if (found == deviceMemory.end()) return invalidValue;
  used -= found->second;
  std::free(address - guardBytes);
  deviceMemory.erase(found);
  return success;
}

SHIM_API int cuMemHostAlloc(void** address, std::size_t bytes, unsigned) {
  SHIM_ENTER(true);
  *address = std::malloc(bytes);
  return *address == nullptr ? outOfMemory : success;
}

SHIM_API int cuMemFreeHost(void* address) {
  SHIM_ENTER(true);
  std::free(address);
  return success;
}

SHIM_API int cuMemcpyHtoDAsync_v2(void* to, const void* from, std::size_t bytes, void*) {
  SHIM_ENTER(true);
  if (!isInside(to, bytes)) return invalidValue;
  std::memcpy(to, from, bytes);
  return success;
}

SHIM_API int cuMemcpyDtoHAsync_v2(void* to, const void* from, std::size_t bytes, void*) {
  SHIM_ENTER(true);
  if (!isInside(from, bytes)) return invalidValue;
  std::memcpy(to, from, bytes);
  return success;
}

SHIM_API int cuMemcpyDtoDAsync_v2(void* to, const void* from, std::size_t bytes, void*) {
  SHIM_ENTER(true);
  if (!isInside(from, bytes) || !isInside(to, bytes)) return invalidValue;
  std::memmove(to, from, bytes);
  return success;
}

SHIM_API int cuMemsetD32Async(void* to, unsigned value, std::size_t count, void*) {
  SHIM_ENTER(true);
  if (!isInside(to, 4 * count)) return invalidValue;
  for (std::size_t i = 0; i < count; i++) static_cast<unsigned*>(to)[i] = value;
  return success;
}

SHIM_API int cuStreamCreate(void** stream, unsigned) {
  SHIM_ENTER(true);
  *stream = std::malloc(1);
  return success;
}

SHIM_API int cuStreamDestroy_v2(void* stream) {
  SHIM_ENTER(true);
  std::free(stream);
  return success;
}

SHIM_API int cuStreamSynchronize(void*) {
  SHIM_ENTER(true);
  return success;
}

SHIM_API int cuEventCreate(void** event, unsigned) {
  SHIM_ENTER(true);
  *event = new Event{};
  return success;
}

SHIM_API int cuEventDestroy_v2(void* event) {
  SHIM_ENTER(true);
  delete static_cast<Event*>(event);
  return success;
}

SHIM_API int cuEventRecord(void* event, void*) {
  SHIM_ENTER(true);
  static_cast<Event*>(event)->at = std::chrono::steady_clock::now();
  return success;
}

SHIM_API int cuEventSynchronize(void*) {
  SHIM_ENTER(true);
  return success;
}

SHIM_API int cuEventElapsedTime(float* milliseconds, void* from, void* to) {
  SHIM_ENTER(true);
  std::chrono::duration<float, std::milli> between =
      static_cast<Event*>(to)->at - static_cast<Event*>(from)->at;
  *milliseconds = between.count();
  return success;
}

SHIM_API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                            unsigned by, unsigned bz, unsigned, void*, void** arguments, void**) {
  SHIM_ENTER(true);
  if (gx == 0 || gy == 0 || gz == 0 || bx * by * bz == 0 || bx * by * bz > 1024 || gy > 65535) {
    return invalidValue;
  }
  const shim::Kernel& kernel = *static_cast<shim::Kernel*>(function);
  if (!shim::runGrid(kernel, dim3{gx, gy, gz}, dim3{bx, by, bz}, arguments)) return launchFailed;
  if (!guardsAreWhole()) {
    std::fprintf(stderr, "shim: %s wrote outside its buffers\n", kernel.name);
    broken = illegalAddress;
    return broken;
  }
  return success;
}
