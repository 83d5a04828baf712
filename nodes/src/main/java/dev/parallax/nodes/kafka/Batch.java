package dev.parallax.nodes.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The frames of one poll, worked on lane by lane: those of a camera in order, cameras beside one
 * another. One batch is one transaction.
 */
final class Batch {
  private final Map<CameraLane, List<Task>> tasks = new LinkedHashMap<>();
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final List<Future<List<WorkedFrame>>> running = new ArrayList<>();
  private int toPublish;

  private record Task(ConsumerRecord<String, byte[]> frame, boolean publish) {}

  /**
   * @param publish false if the frame has its result already and only brings the session back
   */
  void add(CameraLane lane, ConsumerRecord<String, byte[]> frame, boolean publish) {
    tasks.computeIfAbsent(lane, l -> new ArrayList<>()).add(new Task(frame, publish));
    if (publish) {
      toPublish++;
      next.put(new TopicPartition(frame.topic(), frame.partition()), frame.offset() + 1);
    }
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  /** Frames that will have a result. */
  int toPublish() {
    return toPublish;
  }

  /** Where a successor begins once this batch is committed. */
  Map<TopicPartition, OffsetAndMetadata> offsets() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    next.forEach((tp, offset) -> offsets.put(tp, new OffsetAndMetadata(offset)));
    return offsets;
  }

  /**
   * Begins to work.
   *
   * @param newestOnly whether all but a lane's last frame are late
   */
  void start(ExecutorService workers, boolean newestOnly) {
    tasks.forEach((lane, mine) -> running.add(workers.submit(() -> work(lane, mine, newestOnly))));
  }

  /**
   * Waits for the work to be done.
   *
   * @return false if that takes longer
   * @throws IllegalStateException what a pipeline threw: its machinery is broken
   */
  boolean await(Duration patience) throws InterruptedException {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    for (Future<List<WorkedFrame>> lane : running) {
      try {
        lane.get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        return false;
      } catch (ExecutionException e) {
        throw new IllegalStateException("The pipeline is broken: " + e.getCause(), e.getCause());
      }
    }
    return true;
  }

  /** What was worked out, camera by camera; only after {@link #await} answered true. */
  List<WorkedFrame> worked() throws InterruptedException {
    List<WorkedFrame> all = new ArrayList<>();
    for (Future<List<WorkedFrame>> lane : running) {
      try {
        all.addAll(lane.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("The pipeline is broken: " + e.getCause(), e.getCause());
      }
    }
    return all;
  }

  private static List<WorkedFrame> work(CameraLane lane, List<Task> mine, boolean newestOnly) {
    List<WorkedFrame> done = new ArrayList<>();
    for (int i = 0; i < mine.size(); i++) {
      boolean late = newestOnly && i < mine.size() - 1;
      done.add(lane.work(mine.get(i).frame(), mine.get(i).publish(), late));
    }
    return done;
  }
}
