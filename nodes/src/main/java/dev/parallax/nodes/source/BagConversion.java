package dev.parallax.nodes.source;

import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** Copies messages from one recording to another, their bytes untouched, in order of time. */
public final class BagConversion {
  private final Predicate<BagChannel> chosen;

  /**
   * @param chosen which channels to copy
   */
  public BagConversion(Predicate<BagChannel> chosen) {
    this.chosen = chosen;
  }

  /**
   * @param progress told how many messages are done
   * @return how many messages were copied
   * @throws IllegalArgumentException if the output's format cannot hold a channel
   */
  public long copy(Bag from, BagOutput to, LongConsumer progress) throws IOException {
    Map<Integer, Integer> numbers = new HashMap<>();
    for (BagChannel channel : from.channels()) {
      if (chosen.test(channel)) {
        numbers.put(channel.id(), to.addChannel(channel));
      }
    }
    long copied = 0;
    Iterator<BagMessage> messages = from.messages(channel -> numbers.containsKey(channel.id()));
    while (messages.hasNext()) {
      BagMessage message = messages.next();
      Integer number = numbers.get(message.channel().id());
      if (number != null) {
        to.write(number, message.recordTime(), message.data());
        progress.accept(++copied);
      }
    }
    return copied;
  }
}
