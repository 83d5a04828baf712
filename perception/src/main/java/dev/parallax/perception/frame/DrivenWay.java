package dev.parallax.perception.frame;

/**
 * How far the camera's carrier had gone when a picture was taken, as wheels or another speed sensor
 * measured it. A way and not a speed, so that nothing is lost with a picture that is dropped.
 *
 * @param run ways of different runs have nothing to do with each other: readings were missing
 *     between them
 * @param wayM way since the run began, metres; backwards counts negative
 * @param varianceM2 of that way, square metres, from the readings' noise alone; grows along a run
 */
public record DrivenWay(int run, double wayM, double varianceM2) {
  public DrivenWay {
    if (!Double.isFinite(wayM) || !(varianceM2 >= 0)) {
      throw new IllegalArgumentException(
          "A driven way must be finite with a variance of at least 0, got %s m and %s m2"
              .formatted(wayM, varianceM2));
    }
  }
}
