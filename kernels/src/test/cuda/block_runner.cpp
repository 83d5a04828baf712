#include "block_runner.h"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

dim3 gridDim, blockDim, blockIdx, threadIdx;

// Saves the callee-saved registers on the current stack and goes on on another one.
extern "C" void shim_switch(void** saveStackPointer, void* stackPointer);
asm(R"(
.text
.globl shim_switch
.hidden shim_switch
.type shim_switch, @function
shim_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size shim_switch, .-shim_switch
)");

namespace shim {
namespace {
constexpr int maxThreads = 1024;
constexpr std::size_t stackBytes = 64 * 1024;

struct Fiber {
  void* stackPointer;
  dim3 thread;
  bool done;
  unsigned exchanges;  // how many shuffles this thread has begun
};

std::map<std::string, Kernel>& registry() {
  static std::map<std::string, Kernel> kernels;
  return kernels;
}

Fiber fibers[maxThreads];
unsigned char exchanged[2][maxThreads][8];
char* stacks = nullptr;
void* schedulerStackPointer;
int current;
const Kernel* running;
void** runningArguments;

void yield() {
  int self = current;
  shim_switch(&fibers[self].stackPointer, schedulerStackPointer);
}

void fiberMain() {
  running->invoke(running->function, runningArguments);
  fibers[current].done = true;
  yield();
  std::abort();  // a finished fiber is never resumed
}

void prepare(int index, dim3 thread) {
  Fiber& fiber = fibers[index];
  char* top = stacks + (index + 1) * stackBytes;
  void** sp = reinterpret_cast<void**>(top - 64);  // 16-byte aligned, fiberMain entered by ret
  *--sp = nullptr;
  *--sp = reinterpret_cast<void*>(&fiberMain);
  for (int i = 0; i < 6; i++) *--sp = nullptr;
  fiber = Fiber{sp, thread, false, 0};
}

/** One turn of every unfinished fiber; they stop at a barrier, a shuffle or their end. */
void runBlockOfFibers(int threads) {
  int index = 0;
  for (unsigned z = 0; z < blockDim.z; z++)
    for (unsigned y = 0; y < blockDim.y; y++)
      for (unsigned x = 0; x < blockDim.x; x++) prepare(index++, dim3{x, y, z});
  for (int left = threads; left > 0;) {
    left = 0;
    for (int i = 0; i < threads; i++) {
      if (fibers[i].done) continue;
      current = i;
      threadIdx = fibers[i].thread;
      shim_switch(&schedulerStackPointer, fibers[i].stackPointer);
      left += !fibers[i].done;
    }
  }
}

void runBlockAsLoop() {
  for (unsigned z = 0; z < blockDim.z; z++)
    for (unsigned y = 0; y < blockDim.y; y++)
      for (unsigned x = 0; x < blockDim.x; x++) {
        threadIdx = dim3{x, y, z};
        running->invoke(running->function, runningArguments);
      }
}

struct Barrier {
  int arrived;
  unsigned generation;
} barrier;
}  // namespace

bool add(const Kernel& kernel) { return registry().emplace(kernel.name, kernel).second; }

const Kernel* find(const char* name) {
  auto found = registry().find(name);
  return found == registry().end() ? nullptr : &found->second;
}

int kernelCount() { return static_cast<int>(registry().size()); }

void yieldAtBarrier() {
  if (!running->hasBarriers) {
    std::fprintf(stderr, "shim: %s has a barrier but is no PARALLAX_BLOCK_KERNEL\n", running->name);
    std::abort();
  }
  // Threads may also stop in shuffles, so one turn of the scheduler is not one barrier.
  int threads = blockDim.x * blockDim.y * blockDim.z;
  unsigned generation = barrier.generation;
  if (++barrier.arrived == threads) {
    barrier.arrived = 0;
    barrier.generation++;
    return;
  }
  for (long turns = 0; barrier.generation == generation; turns++) {
    if (turns > 1000000) {
      std::fprintf(stderr, "shim: %s: not every thread reaches the barrier\n", running->name);
      std::abort();
    }
    yield();
  }
}

void exchange(unsigned mask, const void* mine, void* theirs, int lane, int bytes) {
  int self = current;
  int warp = self & ~31;
  unsigned turn = fibers[self].exchanges++;
  std::memcpy(exchanged[turn & 1][self], mine, bytes);
  // Two sets of slots suffice: nobody begins a shuffle before all have arrived at the one before.
  for (int i = 0; i < 32; i++) {
    while ((mask >> i & 1) && fibers[warp + i].exchanges <= turn) yield();
  }
  std::memcpy(theirs, exchanged[turn & 1][warp + lane], bytes);
}

bool runGrid(const Kernel& kernel, dim3 grid, dim3 block, void** arguments) {
  int threads = block.x * block.y * block.z;
  if (threads > maxThreads) return false;
  if (stacks == nullptr) {
    stacks = static_cast<char*>(mmap(nullptr, maxThreads * stackBytes, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    if (stacks == MAP_FAILED) std::abort();
  }
  running = &kernel;
  runningArguments = arguments;
  gridDim = grid;
  blockDim = block;
  for (unsigned z = 0; z < grid.z; z++)
    for (unsigned y = 0; y < grid.y; y++)
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = dim3{x, y, z};
        barrier = Barrier{0, 0};
        if (kernel.hasBarriers) {
          runBlockOfFibers(threads);
        } else {
          runBlockAsLoop();
        }
      }
  return true;
}
}  // namespace shim
