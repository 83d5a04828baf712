package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowWorkersTest {
  private final ExecutorService executor = Executors.newFixedThreadPool(3);

  @AfterEach
  void close() {
    executor.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void everyRowIsWorkedOnOnceForAnyNumberOfThreads(int threads) {
    for (int rows : new int[] {1, 2, 7, 240}) {
      AtomicIntegerArray visits = new AtomicIntegerArray(rows);
      new RowWorkers(executor, threads)
          .run(
              rows,
              (begin, end) -> {
                for (int row = begin; row < end; row++) {
                  visits.incrementAndGet(row);
                }
              });
      int[] expected = new int[rows];
      Arrays.fill(expected, 1);
      for (int row = 0; row < rows; row++) {
        assertThat(visits.get(row)).isEqualTo(expected[row]);
      }
    }
  }

  @Test
  void aFailureOnAHelperReachesTheCaller() {
    assertThatThrownBy(
            () ->
                new RowWorkers(executor, 2)
                    .run(
                        10,
                        (begin, end) -> {
                          if (begin > 0) {
                            throw new ArithmeticException("broken row");
                          }
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("broken row");
  }

  @Test
  void helpersAreThroughBeforeAFailureOfTheCallersShareIsThrown() {
    CountDownLatch callerFails = new CountDownLatch(1);
    AtomicBoolean helperDone = new AtomicBoolean();

    assertThatThrownBy(
            () ->
                new RowWorkers(executor, 2)
                    .run(
                        10,
                        (begin, end) -> {
                          if (begin == 0) {
                            callerFails.countDown();
                            throw new ArithmeticException("broken row");
                          }
                          awaitThenLinger(callerFails);
                          helperDone.set(true);
                        }))
        .hasMessageContaining("broken row");

    assertThat(helperDone).as("a helper still writing to arrays the caller may reuse").isTrue();
  }

  @Test
  void anInterruptDoesNotReturnWhileAHelperStillWritesAndIsKept() {
    AtomicBoolean helperDone = new AtomicBoolean();
    CountDownLatch callerDone = new CountDownLatch(1);
    Thread.currentThread().interrupt();

    new RowWorkers(executor, 2)
        .run(
            10,
            (begin, end) -> {
              if (begin == 0) {
                callerDone.countDown();
              } else {
                awaitThenLinger(callerDone);
                helperDone.set(true);
              }
            });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(helperDone).isTrue();
  }

  private static void awaitThenLinger(CountDownLatch latch) {
    try {
      latch.await();
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
