/**
 * The kernels on an NVIDIA GPU, through the driver API alone: {@code libcuda.so.1} and nothing else
 * has to be installed. The only package that knows JCuda. Start at {@link
 * dev.parallax.kernels.cuda.CudaKernels}.
 */
package dev.parallax.kernels.cuda;
