package dev.parallax.perception.prior;

/** A network of one input and one output, ready to run. One caller at a time; owns its memory. */
public interface NetworkRunner extends AutoCloseable {
  /** Which library runs it, for messages. */
  String engine();

  /**
   * @throws PriorException if the network does not take this input or fails
   */
  Tensor run(Tensor input) throws PriorException;

  @Override
  void close();
}
