package dev.parallax.nodes.runtime;

/** The device that was asked for by name cannot be used; the message says why. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DeviceException(String message, Throwable cause) {
    super(message, cause);
  }
}
