package dev.parallax.kernels;

/**
 * Pinhole intrinsics in pixels of the grid they are used with: {@code u = fx x/z + cx}, pixel
 * centres at whole numbers.
 */
public record Intrinsics(double fx, double fy, double cx, double cy) {}
