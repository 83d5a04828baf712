package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * How a scene is recorded.
 *
 * @param camera the camera, lens and size
 * @param frames how many pictures
 * @param fps pictures a second
 * @param seed decides textures, wobble and noise; the same seed gives the same bytes
 * @param noise whether the sensor adds noise and lets its exposure wander
 * @param shutterOpenS how long the shutter is open, seconds; 0 draws without motion blur
 * @param sensorRangeM depth up to here is also given as the recording's own sensor depth; 0 for a
 *     camera without one
 * @param threads how many threads draw; changes no byte
 */
public record SimulationConfig(
    CameraModel camera,
    int frames,
    double fps,
    long seed,
    boolean noise,
    double shutterOpenS,
    double sensorRangeM,
    int threads) {
  public SimulationConfig {
    if (frames < 1 || !(fps > 0 && fps <= 1000)) {
      throw new IllegalArgumentException(
          "A simulation needs at least one frame and 0 to 1000 frames a second, got %d at %s"
              .formatted(frames, fps));
    }
    if (!(shutterOpenS >= 0 && shutterOpenS * fps <= 1)) {
      throw new IllegalArgumentException(
          "The shutter cannot be open for %s s at %s frames a second".formatted(shutterOpenS, fps));
    }
    if (!(sensorRangeM >= 0) || threads < 1) {
      throw new IllegalArgumentException(
          "Sensor range %s m must not be negative and threads %d must be at least 1"
              .formatted(sensorRangeM, threads));
    }
  }

  /** 640x480 with fx 525, noise, no blur, no depth sensor, two threads. */
  public static SimulationConfig defaults(long seed, int frames, double fps) {
    return new SimulationConfig(pinhole(640, 480), frames, fps, seed, true, 0, 0, 2);
  }

  /** A pinhole camera of any size with the field of view of 525 pixels at a width of 640. */
  public static PinholeCamera pinhole(int width, int height) {
    double f = 525.0 * width / 640;
    return new PinholeCamera(width, height, f, f, (width - 1) / 2.0, (height - 1) / 2.0);
  }

  public SimulationConfig withCamera(CameraModel newCamera) {
    return new SimulationConfig(
        newCamera, frames, fps, seed, noise, shutterOpenS, sensorRangeM, threads);
  }

  public SimulationConfig withSize(int width, int height) {
    return withCamera(pinhole(width, height));
  }

  public SimulationConfig withNoise(boolean newNoise) {
    return new SimulationConfig(
        camera, frames, fps, seed, newNoise, shutterOpenS, sensorRangeM, threads);
  }

  public SimulationConfig withShutterOpenS(double newShutterOpenS) {
    return new SimulationConfig(
        camera, frames, fps, seed, noise, newShutterOpenS, sensorRangeM, threads);
  }

  public SimulationConfig withSensorRangeM(double newSensorRangeM) {
    return new SimulationConfig(
        camera, frames, fps, seed, noise, shutterOpenS, newSensorRangeM, threads);
  }

  public SimulationConfig withThreads(int newThreads) {
    return new SimulationConfig(
        camera, frames, fps, seed, noise, shutterOpenS, sensorRangeM, newThreads);
  }
}
