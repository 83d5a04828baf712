package dev.parallax.perception.frame;

/** One frame of one camera: {@code sequence} counts from 0 as the source delivers. */
public record FrameId(CameraId camera, long sequence) {}
