package dev.parallax.nodes.ros;

import java.util.List;

/** A topic that is listened to. Any thread. */
public interface RosSubscription extends AutoCloseable {
  /** The topic's absolute name. */
  String topic();

  /** Publishers that messages come from now. */
  int publishers();

  /** Messages handed over so far. */
  long received();

  /** What is wrong with links at present, a line each. */
  List<String> troubles();

  /** Ends every link; no call to the handler is under way once this returns. */
  @Override
  void close();
}
