package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FrameMailboxTest {
  @Test
  void liveTheNewestOvertakesAndTheOvertakenAreAccountedForInOrder() throws Exception {
    FrameMailbox mailbox = new FrameMailbox(DeliveryMode.LIVE, 1);
    for (int i = 0; i < 4; i++) {
      mailbox.put(TestFrames.frame(i));
    }
    mailbox.finish();

    List<FrameMailbox.Mail> mails = drain(mailbox);

    assertThat(mails).extracting(m -> m.item().id().sequence()).containsExactly(0L, 1L, 2L, 3L);
    assertThat(mails).extracting(FrameMailbox.Mail::late).containsExactly(true, true, true, false);
    assertThat(mails.get(0).item())
        .as("the picture of a late frame is let go")
        .isInstanceOf(SourceItem.Refused.class);
  }

  @Test
  void liveARefusedPictureIsNotOvertaken() throws Exception {
    FrameMailbox mailbox = new FrameMailbox(DeliveryMode.LIVE, 1);
    mailbox.put(TestFrames.refused(0));
    mailbox.put(TestFrames.frame(1));
    mailbox.finish();

    assertThat(drain(mailbox)).extracting(FrameMailbox.Mail::late).containsExactly(false, false);
  }

  @Test
  void whatComesNextIsKnownAndStaysInItsPlace() throws Exception {
    for (DeliveryMode mode : DeliveryMode.values()) {
      FrameMailbox mailbox = new FrameMailbox(mode, 3);
      assertThat(mailbox.upcoming()).isNull();
      mailbox.put(TestFrames.refused(0));
      mailbox.put(TestFrames.frame(1));
      assertThat(mailbox.upcoming()).as("nothing is brought ahead for a refused one").isNull();
      mailbox.take();
      CameraFrame next = mailbox.upcoming();
      assertThat(next).isNotNull();
      assertThat(mailbox.upcoming()).isSameAs(next);
      assertThat(mailbox.take())
          .extracting(m -> ((SourceItem.Frame) m.item()).frame())
          .isSameAs(next);
    }
  }

  @Test
  void losslessTheSourceWaitsForRoomAndNothingIsLost() throws Exception {
    FrameMailbox mailbox = new FrameMailbox(DeliveryMode.LOSSLESS, 2);
    List<Long> putSoFar = new ArrayList<>();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 50; i++) {
                putUnchecked(mailbox, i);
                synchronized (putSoFar) {
                  putSoFar.add((long) i);
                }
              }
              mailbox.finish();
            });
    List<Long> taken = new ArrayList<>();
    for (var mail = mailbox.take(); mail != null; mail = mailbox.take()) {
      taken.add(mail.item().id().sequence());
      synchronized (putSoFar) {
        assertThat(putSoFar.size() - taken.size()).isLessThanOrEqualTo(2);
      }
    }
    writer.get(5, TimeUnit.SECONDS);
    assertThat(taken).hasSize(50).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aWaitingSourceIsLetGoWhenTheTakerLeaves() throws Exception {
    FrameMailbox mailbox = new FrameMailbox(DeliveryMode.LOSSLESS, 1);
    mailbox.put(TestFrames.frame(0));
    CompletableFuture<Boolean> put = CompletableFuture.supplyAsync(() -> putUnchecked(mailbox, 1));
    mailbox.abandon();
    assertThat(put.get(5, TimeUnit.SECONDS)).isFalse();
  }

  private static boolean putUnchecked(FrameMailbox mailbox, long sequence) {
    try {
      return mailbox.put(TestFrames.frame(sequence));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<FrameMailbox.Mail> drain(FrameMailbox mailbox) throws InterruptedException {
    List<FrameMailbox.Mail> mails = new ArrayList<>();
    for (var mail = mailbox.take(); mail != null; mail = mailbox.take()) {
      mails.add(mail);
    }
    return mails;
  }
}
