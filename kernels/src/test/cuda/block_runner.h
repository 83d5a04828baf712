// Runs the threads of a grid, see cuda_shim.h.
#pragma once
#include "cuda_shim.h"

namespace shim {
const Kernel* find(const char* name);
int kernelCount();

/** Runs every block; false if a barrier was not reached by all threads of a block. */
bool runGrid(const Kernel& kernel, dim3 grid, dim3 block, void** arguments);
}  // namespace shim
