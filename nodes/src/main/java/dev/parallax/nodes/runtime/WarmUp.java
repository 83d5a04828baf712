package dev.parallax.nodes.runtime;

import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.codec.ImageFormatException;
import dev.parallax.nodes.source.AssumedCamera;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.Random;

/** Loads native libraries and the code of the per-frame path before the first live picture. */
public final class WarmUp {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;
  private static final int FRAMES = 4;

  private WarmUp() {}

  /** Runs a few made-up pictures through a pipeline that is thrown away. */
  public static void run(PipelineFactory pipelines) {
    byte[] grey = new byte[WIDTH * HEIGHT];
    new Random(1).nextBytes(grey);
    ImageCodec codec = new ImageCodec();
    try (PerceptionPipeline pipeline = pipelines.create(PipelineConfig.defaults(), notice -> {})) {
      for (int i = 0; i < FRAMES; i++) {
        Picture picture =
            codec.decode(
                codec.encodeJpeg(new Picture(WIDTH, HEIGHT, Picture.Format.MONO8, grey), 90));
        FrameId id = new FrameId(new CameraId("warm-up"), i);
        Timestamp stamp = new Timestamp(33_000_000L * i);
        pipeline.process(
            new CameraFrame(id, stamp, AssumedCamera.of(WIDTH, HEIGHT), picture, null));
      }
    } catch (ImageFormatException e) {
      throw new IllegalStateException("What was just encoded can be decoded", e);
    }
  }
}
