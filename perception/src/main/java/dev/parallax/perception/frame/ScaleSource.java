package dev.parallax.perception.frame;

/**
 * Where the unit of length comes from; always announced, so that relative depth is never metres.
 */
public enum ScaleSource {
  METRIC_PRIOR("metric prior"),
  CAMERA_HEIGHT("camera height"),
  SPEED("speed"),
  IMU("imu"),
  SENSOR_DEPTH("sensor depth"),
  RELATIVE("relative");

  private final String label;

  ScaleSource(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  public boolean isMetric() {
    return this != RELATIVE;
  }
}
