package dev.parallax.kernels;

/** Occupancy work over blocks of voxels. */
public interface VoxelKernels {}
