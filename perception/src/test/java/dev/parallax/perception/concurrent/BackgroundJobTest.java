package dev.parallax.perception.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class BackgroundJobTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  private Thread held() throws InterruptedException {
    begun.countDown();
    mayEnd.await();
    return Thread.currentThread();
  }

  @Test
  void worksBesideItsCallerUntilTheAnswerIsTaken() throws Exception {
    try (BackgroundJob<Thread> job = new BackgroundJob<>("aside")) {
      assertThat(job.isPending()).isFalse();
      job.begin(this::held);
      begun.await(); // it runs while we go on
      assertThat(job.isPending()).isTrue();
      assertThat(job.isDone()).isFalse();
      mayEnd.countDown();
      Thread worker = job.take();
      assertThat(worker).isNotSameAs(Thread.currentThread());
      assertThat(worker.getName()).isEqualTo("aside");
      assertThat(worker.isDaemon()).isTrue();
      assertThat(job.isPending()).isFalse();
    }
  }

  @Test
  void anInterruptWhileWaitingIsKeptForLaterAndTheAnswerIsWhole() {
    try (BackgroundJob<Thread> job = new BackgroundJob<>("aside")) {
      job.begin(this::held);
      Thread.currentThread().interrupt();
      mayEnd.countDown();
      assertThat(job.take()).isNotNull();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aJobThatFailsTellsWhyWhereItsAnswerIsTaken() {
    try (BackgroundJob<Thread> job = new BackgroundJob<>("aside")) {
      job.begin(
          () -> {
            throw new IllegalArgumentException("no keyframe");
          });
      assertThatThrownBy(job::take).hasRootCauseMessage("no keyframe");
      assertThat(job.isPending()).isFalse();
    }
  }

  @Test
  void thereIsOneJobAtATime() {
    try (BackgroundJob<Thread> job = new BackgroundJob<>("aside")) {
      assertThatThrownBy(job::take).isInstanceOf(IllegalStateException.class);
      job.begin(this::held);
      assertThatThrownBy(() -> job.begin(this::held)).isInstanceOf(IllegalStateException.class);
      mayEnd.countDown();
    }
  }
}
