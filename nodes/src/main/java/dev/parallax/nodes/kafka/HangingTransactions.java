package dev.parallax.nodes.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Ends transactions that nobody else will: a broker whose power was cut may find one open in a
 * partition and know nothing of it any more. Readers of what is committed would wait there for
 * ever, and where it holds offsets the group could never learn where it stood.
 */
final class HangingTransactions {
  private static final String OFFSETS = "__consumer_offsets";

  /** In these a coordinator still has its markers to write. */
  private static final Set<TransactionState> UNDER_WAY =
      Set.of(
          TransactionState.ONGOING,
          TransactionState.PREPARE_COMMIT,
          TransactionState.PREPARE_ABORT,
          TransactionState.PREPARE_EPOCH_FENCE,
          TransactionState.UNKNOWN);

  private final KafkaClients clients;
  private final KafkaConfig config;
  private final Topics topics;

  HangingTransactions(KafkaClients clients, KafkaConfig config) {
    this.clients = clients;
    this.config = config;
    topics = new Topics(config.namespace());
  }

  /** One that was open in a partition. */
  record Open(TopicPartition partition, ProducerState producer) {
    private AbortTransactionSpec abort() {
      return new AbortTransactionSpec(
          partition,
          producer.producerId(),
          (short) producer.producerEpoch(),
          producer.coordinatorEpoch().orElse(0));
    }

    private long firstOffset() {
      return producer.currentTransactionStartOffset().orElse(-1);
    }

    /** Whether a coordinator says that it is its own and not yet ended. */
    private boolean isKnown(Collection<TransactionDescription> transactions) {
      return transactions.stream()
          .anyMatch(
              t ->
                  t.producerId() == producer.producerId()
                      && UNDER_WAY.contains(t.state())
                      && t.topicPartitions().contains(partition));
    }
  }

  /**
   * Aborts those among the group's offsets and in the results of the given partitions.
   *
   * @return the partitions that were freed
   * @throws KafkaException if the broker does not answer, or forbids it: the message has the
   *     command that does it by hand
   */
  List<TopicPartition> end(Set<Integer> partitions) throws InterruptedException {
    try (Admin admin = clients.admin()) {
      Set<TopicPartition> places = places(admin, partitions);
      List<Open> hanging = hanging(admin, places);
      if (!hanging.isEmpty()) {
        // One that ended between the two questions is not there any more.
        Set<Open> still = Set.copyOf(open(admin, places));
        hanging = hanging.stream().filter(still::contains).toList();
      }
      for (Open open : hanging) {
        abort(admin, open);
      }
      return hanging.stream().map(Open::partition).toList();
    } catch (ExecutionException e) {
      throw new KafkaException("hanging transactions cannot be looked for: " + e.getCause(), e);
    }
  }

  private Set<TopicPartition> places(Admin admin, Set<Integer> partitions)
      throws ExecutionException, InterruptedException {
    List<String> names = new ArrayList<>(topics.streams());
    names.addAll(topics.compacted());
    Set<TopicPartition> places =
        names.stream()
            .flatMap(name -> partitions.stream().map(p -> new TopicPartition(name, p)))
            .collect(Collectors.toSet());
    int offsets =
        Objects.requireNonNull(
                admin.describeTopics(List.of(OFFSETS)).allTopicNames().get().get(OFFSETS))
            .partitions()
            .size();
    // The broker's own rule for where a group's offsets lie.
    places.add(new TopicPartition(OFFSETS, Utils.abs(config.group().hashCode()) % offsets));
    return places;
  }

  private static List<Open> hanging(Admin admin, Set<TopicPartition> places)
      throws ExecutionException, InterruptedException {
    List<Open> open = open(admin, places);
    if (open.isEmpty()) {
      return open;
    }
    Set<Long> producers =
        open.stream().map(o -> o.producer().producerId()).collect(Collectors.toSet());
    List<String> ids =
        admin
            .listTransactions(new ListTransactionsOptions().filterProducerIds(producers))
            .all()
            .get()
            .stream()
            .map(TransactionListing::transactionalId)
            .toList();
    return unknown(open, admin.describeTransactions(ids).all().get().values());
  }

  /** Those that no coordinator will end. */
  static List<Open> unknown(List<Open> open, Collection<TransactionDescription> transactions) {
    return open.stream().filter(o -> !o.isKnown(transactions)).toList();
  }

  private static List<Open> open(Admin admin, Set<TopicPartition> places)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, PartitionProducerState> states =
        new HashMap<>(admin.describeProducers(places).all().get());
    List<Open> open = new ArrayList<>();
    states.forEach(
        (place, state) ->
            state.activeProducers().stream()
                .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                .forEach(producer -> open.add(new Open(place, producer))));
    return open;
  }

  private void abort(Admin admin, Open open) throws InterruptedException {
    try {
      admin.abortTransaction(open.abort()).all().get();
    } catch (ExecutionException e) {
      TopicPartition place = open.partition();
      throw new KafkaException(
          ("%s: a transaction that began at offset %d hangs since the broker fell, and could not be"
                  + " ended (%s); end it: kafka-transactions --bootstrap-server %s abort --topic %s"
                  + " --partition %d --start-offset %d")
              .formatted(
                  place,
                  open.firstOffset(),
                  e.getCause(),
                  config.bootstrapServers(),
                  place.topic(),
                  place.partition(),
                  open.firstOffset()),
          e);
    }
  }
}
