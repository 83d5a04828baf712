package dev.parallax.perception.prior;

/** A network of one answer, ready to run. One caller at a time; owns its memory. */
public interface NetworkRunner extends AutoCloseable {
  /** Which library runs it, on what device and why, for messages. */
  String engine();

  /**
   * @throws PriorException if the network does not take this input or fails
   */
  Tensor run(Tensor input) throws PriorException;

  /**
   * Runs a network of two inputs.
   *
   * @throws PriorException if the network does not take these inputs or fails
   */
  default Tensor run(Tensor first, Tensor second) throws PriorException {
    throw new PriorException("it takes one picture, not two");
  }

  @Override
  void close();
}
