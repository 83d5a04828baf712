package dev.parallax.sim.eval;

/** An estimate and a ground truth that do not fit together; one line that says how. */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EvaluationException(String message) {
    super(message);
  }
}
