package dev.parallax.kernels;

/** What one element of a {@link DeviceBuffer} is. */
public enum ElementType {
  /** Unsigned 8-bit integer. */
  U8,
  /** IEEE 754 single precision. */
  F32
}
