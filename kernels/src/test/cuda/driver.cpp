// The part of NVIDIA's driver interface that the host code uses, answered by the CPU: a
// libcuda.so.1 for machines without a GPU. Work is done in the caller's thread: at once, or, with
// PARALLAX_SHIM_LATE set, as late as the real driver may, when its stream is waited for; with
// PARALLAX_SHIM_LATE=alternate every second stream's at once, beside late ones. A stream's work keeps
// its order; work of another stream, and memory changed before the wait, are not waited for, unless
// by cuStreamWaitEvent.
//
// It is strict where the real one would crash or corrupt: copies are checked against the
// allocations, each allocation is surrounded by guard bytes that are looked at after every launch,
// and these and fresh memory are 0xFF, so that what a kernel reads outside or forgets to write shows
// up as NaN.
//
// Environment: PARALLAX_SHIM_FAIL=FUNCTION:N:CODE lets the N-th call of a function answer CODE,
// and all calls after it if CODE is one that breaks a context; PARALLAX_SHIM_MEMORY=BYTES bounds
// the memory, PARALLAX_SHIM_SHARED=FILE lets processes share it; PARALLAX_SHIM_VERSION is the CUDA
// version the driver claims. cuDeviceGetAttribute answers, beyond NVIDIA's attributes, how often
// something was called and how much work is pending: see Count.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

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
  noBinaryForGpu = 209,
  invalidPtx = 218,
  notFound = 500,
  notReady = 600,
  captureUnsupported = 900,
  illegalAddress = 700,
  launchFailed = 719,
};

constexpr std::size_t guardBytes = 256;
constexpr unsigned char guardByte = 0xFF;

struct Module {
  std::string ptx;
};

/** What is still to be done, in order; each answers a result. */
struct Stream {
  const bool isLate;
  std::deque<std::function<int()>> pending;
  bool isCaptured = false;
  std::vector<std::function<int()>> captured;
};

/** Work that is sent to a stream as a whole. */
struct Graph {
  std::vector<std::function<int()>> work;
};

struct Event {
  std::chrono::steady_clock::time_point at;
  Stream* stream = nullptr;  // that it was recorded in last
  long recorded = 0, reached = 0;  // how often recorded, and which of these the stream has reached
};

/** Attributes of the shim's own. */
enum Count { waits = 1000000, uploads, downloads, launches, allocations, graphs, pending };

std::recursive_mutex lock;
std::map<char*, std::size_t> deviceMemory;
std::map<char*, std::size_t> hostMemory;
std::set<Stream*> streams;
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

/** Bytes taken, by all processes together where they share the memory. */
class Ledger {
 public:
  Ledger() {
    const char* file = std::getenv("PARALLAX_SHIM_SHARED");
    if (file == nullptr) return;
    int handle = open(file, O_RDWR | O_CREAT, 0600);
    if (handle < 0 || ftruncate(handle, sizeof(Total)) != 0) std::abort();
    void* page = mmap(nullptr, sizeof(Total), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    close(handle);
    if (page == MAP_FAILED) std::abort();
    total = static_cast<Total*>(page);
  }
  /** As the driver does when a process ends. */
  ~Ledger() { giveBack(mine); }
  bool take(std::size_t bytes) {
    if (total->fetch_add(bytes) + bytes > totalMemory()) {
      total->fetch_sub(bytes);
      return false;
    }
    mine += bytes;
    return true;
  }
  void giveBack(std::size_t bytes) {
    total->fetch_sub(bytes);
    mine -= bytes;
  }
  std::size_t taken() const { return *total; }

 private:
  using Total = std::atomic<std::size_t>;
  Total own{0};
  Total* total = &own;
  std::size_t mine = 0;
} ledger;

/** Does the first thing that a stream has to do. */
int step(Stream* stream) {
  std::function<int()> next = std::move(stream->pending.front());
  stream->pending.pop_front();
  return broken != 0 ? broken : next();
}

int finish(Stream* stream) {
  int result = success;
  while (!stream->pending.empty()) {
    int one = step(stream);
    result = result == success ? one : result;
  }
  return result;
}

/** Does a stream's work now or, if it is to be late, when the stream is waited for. */
int enqueue(void* stream, std::function<int()> work) {
  Stream* own = static_cast<Stream*>(stream);
  if (streams.count(own) == 0) return invalidValue;
  if (own->isCaptured) {
    own->captured.push_back(std::move(work));
    return success;
  }
  if (!own->isLate) return work();
  own->pending.push_back(std::move(work));
  return success;
}

/** While a stream is captured, nothing may wait or take or free memory. */
bool isCapturing() {
  for (Stream* each : streams) {
    if (each->isCaptured) return true;
  }
  return false;
}

/** What was queued and not done yet; none unless work is late. */
int pendingWork() {
  int sum = 0;
  for (Stream* each : streams) sum += each->pending.size();
  return sum;
}

int count(int what) {
  switch (what) {
    case waits: return callsOf["cuStreamSynchronize"] + callsOf["cuEventSynchronize"];
    case uploads: return callsOf["cuMemcpyHtoDAsync_v2"];
    case downloads: return callsOf["cuMemcpyDtoHAsync_v2"];
    case launches: return callsOf["cuLaunchKernel"];
    case allocations: return callsOf["cuMemAlloc_v2"];
    case graphs: return callsOf["cuGraphLaunch"];
    case pending: return pendingWork();
    default: return 0;
  }
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
    default: *value = count(attribute); break;
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
    for (auto& [begin, bytes] : deviceMemory) {
      ledger.giveBack(bytes);
      std::free(begin - guardBytes);
    }
    deviceMemory.clear();
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
  *free = *total - ledger.taken();
  return success;
}

SHIM_API int cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) {
  SHIM_ENTER(true);
  std::string ptx(static_cast<const char*>(image));
  // Of a cubin the shim takes what a test made: PTX behind the magic. nvcc's own are for a GPU.
  const std::string magic = "\x7f" "ELF";
  if (ptx.compare(0, magic.size(), magic) == 0 && ptx.find(".entry") == std::string::npos) {
    return noBinaryForGpu;
  }
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
  if (isCapturing()) return captureUnsupported;
  if (bytes == 0) return invalidValue;
  if (!ledger.take(bytes)) return outOfMemory;
  char* whole = static_cast<char*>(std::aligned_alloc(256, (bytes + 2 * guardBytes + 255) & ~255ul));
  if (whole == nullptr) return outOfMemory;
  char* begin = whole + guardBytes;
  std::memset(whole, guardByte, guardBytes);
  std::memset(begin, 0xFF, bytes);
  std::memset(begin + bytes, guardByte, guardBytes);
  deviceMemory[begin] = bytes;
  *address = begin;
  return success;
}

SHIM_API int cuMemFree_v2(char* address) {
  SHIM_ENTER(true);
  if (isCapturing()) return captureUnsupported;
  auto found = deviceMemory.find(address);
  if (found == deviceMemory.end()) return invalidValue;
  for (Stream* each : streams) finish(each);  // the driver, too, waits for work on it
  ledger.giveBack(found->second);
  std::free(address - guardBytes);
  deviceMemory.erase(found);
  return success;
}

SHIM_API int cuMemHostAlloc(void** address, std::size_t bytes, unsigned) {
  SHIM_ENTER(true);
  *address = std::malloc(bytes);
  if (*address == nullptr) return outOfMemory;
  std::memset(*address, 0xFF, bytes);
  hostMemory[static_cast<char*>(*address)] = bytes;
  return success;
}

SHIM_API int cuMemFreeHost(char* address) {
  SHIM_ENTER(true);
  auto found = hostMemory.find(address);
  if (found == hostMemory.end()) return invalidValue;
  // Nobody may count on a wait here: a copy still to be made would take these bytes.
  std::memset(address, 0xFF, found->second);
  for (Stream* each : streams) finish(each);
  std::free(address);
  hostMemory.erase(found);
  return success;
}

SHIM_API int cuMemcpyHtoDAsync_v2(void* to, const void* from, std::size_t bytes, void* stream) {
  SHIM_ENTER(true);
  if (!isInside(to, bytes)) return invalidValue;
  return enqueue(stream, [=] {
    std::memcpy(to, from, bytes);
    return success;
  });
}

SHIM_API int cuMemcpyDtoHAsync_v2(void* to, const void* from, std::size_t bytes, void* stream) {
  SHIM_ENTER(true);
  if (!isInside(from, bytes)) return invalidValue;
  return enqueue(stream, [=] {
    std::memcpy(to, from, bytes);
    return success;
  });
}

SHIM_API int cuMemcpyDtoDAsync_v2(void* to, const void* from, std::size_t bytes, void* stream) {
  SHIM_ENTER(true);
  if (!isInside(from, bytes) || !isInside(to, bytes)) return invalidValue;
  return enqueue(stream, [=] {
    std::memmove(to, from, bytes);
    return success;
  });
}

SHIM_API int cuMemsetD32Async(void* to, unsigned value, std::size_t count, void* stream) {
  SHIM_ENTER(true);
  if (!isInside(to, 4 * count)) return invalidValue;
  return enqueue(stream, [=] {
    for (std::size_t i = 0; i < count; i++) static_cast<unsigned*>(to)[i] = value;
    return success;
  });
}

SHIM_API int cuStreamCreate(void** stream, unsigned) {
  SHIM_ENTER(true);
  static int created = 0;
  const char* late = std::getenv("PARALLAX_SHIM_LATE");
  bool takesTurns = late != nullptr && std::string(late) == "alternate";
  Stream* made = new Stream{late != nullptr && !(takesTurns && created % 2 == 1)};
  created++;
  streams.insert(made);
  *stream = made;
  return success;
}

SHIM_API int cuStreamDestroy_v2(void* stream) {
  SHIM_ENTER(true);
  Stream* gone = static_cast<Stream*>(stream);
  if (streams.erase(gone) == 0) return invalidValue;
  finish(gone);
  delete gone;
  return success;
}

SHIM_API int cuStreamSynchronize(void* stream) {
  SHIM_ENTER(true);
  if (isCapturing()) return captureUnsupported;
  return finish(static_cast<Stream*>(stream));
}

SHIM_API int cuStreamBeginCapture_v2(void* stream, unsigned) {
  SHIM_ENTER(true);
  Stream* own = static_cast<Stream*>(stream);
  if (own->isCaptured) return captureUnsupported;
  own->isCaptured = true;
  return success;
}

SHIM_API int cuStreamEndCapture(void* stream, void** graph) {
  SHIM_ENTER(true);
  Stream* own = static_cast<Stream*>(stream);
  if (!own->isCaptured) return captureUnsupported;
  own->isCaptured = false;
  *graph = new Graph{std::move(own->captured)};
  own->captured.clear();
  return success;
}

SHIM_API int cuGraphInstantiateWithFlags(void** ready, void* graph, unsigned long long) {
  SHIM_ENTER(true);
  *ready = new Graph(*static_cast<Graph*>(graph));
  return success;
}

SHIM_API int cuGraphLaunch(void* ready, void* stream) {
  SHIM_ENTER(true);
  for (const std::function<int()>& work : static_cast<Graph*>(ready)->work) {
    if (int code = enqueue(stream, work)) return code;
  }
  return success;
}

SHIM_API int cuGraphDestroy(void* graph) {
  SHIM_ENTER(true);
  delete static_cast<Graph*>(graph);
  return success;
}

SHIM_API int cuGraphExecDestroy(void* ready) {
  SHIM_ENTER(true);
  delete static_cast<Graph*>(ready);
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

SHIM_API int cuEventRecord(void* event, void* stream) {
  SHIM_ENTER(true);
  Event* marked = static_cast<Event*>(event);
  marked->stream = static_cast<Stream*>(stream);
  long record = ++marked->recorded;
  return enqueue(stream, [=] {
    marked->at = std::chrono::steady_clock::now();
    marked->reached = record;
    return success;
  });
}

namespace {
/** Works until an event's record, its last or an earlier one, is reached. */
int reach(Event* event, long record) {
  int result = success;
  while (event->reached < record && !event->stream->pending.empty()) {
    int one = step(event->stream);
    result = result == success ? one : result;
  }
  return result;
}
}  // namespace

SHIM_API int cuEventSynchronize(void* event) {
  SHIM_ENTER(true);
  Event* marked = static_cast<Event*>(event);
  return reach(marked, marked->recorded);
}

SHIM_API int cuEventQuery(void* event) {
  SHIM_ENTER(true);
  Event* marked = static_cast<Event*>(event);
  return marked->reached < marked->recorded ? notReady : success;
}

SHIM_API int cuStreamWaitEvent(void* stream, void* event, unsigned) {
  SHIM_ENTER(true);
  Event* marked = static_cast<Event*>(event);
  long record = marked->recorded;  // what is recorded later does not count
  return enqueue(stream, [=] { return reach(marked, record); });
}

SHIM_API int cuEventElapsedTime(float* milliseconds, void* from, void* to) {
  SHIM_ENTER(true);
  std::chrono::duration<float, std::milli> between =
      static_cast<Event*>(to)->at - static_cast<Event*>(from)->at;
  *milliseconds = between.count();
  return success;
}

namespace {
/** Arguments of a launch, copied as the driver does: the caller may change its own at once. */
class Arguments {
 public:
  Arguments(const shim::Kernel& kernel, void** given) : values(kernel.arguments) {
    for (int i = 0; i < kernel.arguments; i++) {
      values[i].resize((kernel.argumentBytes[i] + sizeof(Slot) - 1) / sizeof(Slot));
      std::memcpy(values[i].data(), given[i], kernel.argumentBytes[i]);
      addresses.push_back(values[i].data());
    }
  }
  Arguments(const Arguments&) = delete;
  void** all() { return addresses.data(); }

 private:
  struct alignas(16) Slot {
    char bytes[16];
  };
  std::vector<std::vector<Slot>> values;
  std::vector<void*> addresses;
};

int run(const shim::Kernel& kernel, dim3 grid, dim3 block, void** arguments) {
  if (!shim::runGrid(kernel, grid, block, arguments)) return launchFailed;
  if (guardsAreWhole()) return success;
  std::fprintf(stderr, "shim: %s wrote outside its buffers\n", kernel.name);
  broken = illegalAddress;
  return broken;
}
}  // namespace

SHIM_API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx,
                            unsigned by, unsigned bz, unsigned, void* stream, void** arguments,
                            void**) {
  SHIM_ENTER(true);
  if (gx == 0 || gy == 0 || gz == 0 || bx * by * bz == 0 || bx * by * bz > 1024 || gy > 65535) {
    return invalidValue;
  }
  const shim::Kernel* kernel = static_cast<shim::Kernel*>(function);
  auto copied = std::make_shared<Arguments>(*kernel, arguments);
  return enqueue(stream, [=] {
    return run(*kernel, dim3{gx, gy, gz}, dim3{bx, by, bz}, copied->all());
  });
}
