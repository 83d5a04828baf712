package dev.parallax.nodes.ros;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosTransforms;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Every transform on {@code /tf} and {@code /tf_static}, with the node that publishes it. */
public final class TransformTopics implements AutoCloseable {
  private final BiConsumer<RosTransforms.Stamped, String> listener;
  private final List<RosSubscription> subscriptions = new ArrayList<>();

  /**
   * Begins to listen.
   *
   * @param listener given each transform and its publisher; called by one thread for each link
   */
  public TransformTopics(RosNode node, BiConsumer<RosTransforms.Stamped, String> listener) {
    this.listener = listener;
    for (String topic : List.of("/tf", "/tf_static")) {
      subscriptions.add(
          node.subscribe(
              topic,
              RosType.of(Ros1Type.TF_MESSAGE),
              SubscribeOptions.defaults(),
              delivery -> accept(topic, delivery)));
    }
  }

  private void accept(String topic, RosDelivery delivery) {
    try {
      Ros1Input in = new Ros1Input(delivery.message(), topic, Ros1Type.TF_MESSAGE.typeName());
      RosTransforms.read(in)
          .transforms()
          .forEach(transform -> listener.accept(transform, delivery.publisher()));
    } catch (MessageFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e); // becomes the link's trouble
    }
  }

  @Override
  public void close() {
    subscriptions.forEach(RosSubscription::close);
  }
}
