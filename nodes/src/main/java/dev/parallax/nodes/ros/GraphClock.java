package dev.parallax.nodes.ros;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosClockMessage;
import dev.parallax.perception.frame.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Wall time, or what {@code /clock} says. Any thread. */
public final class GraphClock implements RosClock {
  private static final Timestamp NOT_BEGUN = new Timestamp(0);

  private final boolean simulated;
  private final List<Runnable> jumpListeners = new CopyOnWriteArrayList<>();
  private volatile Timestamp simulatedNow = NOT_BEGUN;

  public GraphClock(boolean simulated) {
    this.simulated = simulated;
  }

  /** Listens to {@code /clock} for as long as the node lives, if time is simulated. */
  public void follow(RosNode node) {
    if (simulated) {
      RosSubscription unused =
          node.subscribe(
              "/clock", RosType.of(Ros1Type.CLOCK), SubscribeOptions.defaults(), this::accept);
    }
  }

  private void accept(RosDelivery delivery) {
    Timestamp now;
    try {
      Ros1Input in = new Ros1Input(delivery.message(), "/clock", Ros1Type.CLOCK.typeName());
      now = RosClockMessage.read(in).clock();
    } catch (MessageFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e); // becomes the link's trouble
    }
    boolean back = simulatedNow.isAfter(now);
    simulatedNow = now;
    if (back) {
      jumpListeners.forEach(Runnable::run);
    }
  }

  @Override
  public Timestamp now() {
    if (simulated) {
      return simulatedNow;
    }
    Instant now = Instant.now();
    return new Timestamp(now.getEpochSecond() * 1_000_000_000L + now.getNano());
  }

  @Override
  public boolean isSimulated() {
    return simulated;
  }

  @Override
  public void onJumpBack(Runnable listener) {
    jumpListeners.add(listener);
  }
}
