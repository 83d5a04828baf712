package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Keeps the master informed. Asks it now and then for this node's own address: a master that does
 * not answer is away, one that does not know the node was restarted, and either is told everything
 * again as soon as it can be.
 *
 * <pre>
 *   PRESENT --(no answer)--> AWAY --(answers)--> told again --> PRESENT
 *   PRESENT --(does not know us)--> told again --> PRESENT
 * </pre>
 */
final class MasterWatch implements AutoCloseable {
  private final MasterClient master;
  private final String node;
  private final URI slave;
  private final long periodMs;
  private final Consumer<String> told;
  private final Runnable replaced;
  private final List<Registration> registrations = new CopyOnWriteArrayList<>();
  private final Object wake = new Object();
  private final Thread thread;
  private boolean closed;
  private volatile boolean away;

  /**
   * @param told takes a line when the master goes and when it is back
   * @param replaced called once another node has taken this one's name
   */
  MasterWatch(
      MasterClient master,
      String node,
      URI slave,
      long periodMs,
      Consumer<String> told,
      Runnable replaced) {
    this.master = master;
    this.node = node;
    this.slave = slave;
    this.periodMs = periodMs;
    this.told = told;
    this.replaced = replaced;
    thread = new Thread(this::watch, "ros-master-watch");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Registers now, or as soon as the master is there. */
  void add(Registration registration) {
    registrations.add(registration);
    try {
      registration.register(master, slave);
    } catch (IOException e) {
      lost(e);
    }
  }

  void remove(Registration registration) {
    registrations.remove(registration);
    if (!away) {
      try {
        registration.unregister(master, slave);
      } catch (IOException e) {
        lost(e); // it will be asked to forget nothing: it knows nothing of us then
      }
    }
  }

  /** Forgets a registration that another one still stands for. */
  void leave(Registration registration) {
    registrations.remove(registration);
  }

  private void watch() {
    while (sleep()) {
      try {
        Optional<String> known = master.lookupNode(node);
        // Who never told the master anything is not known to it, restarted or not.
        if (away || known.isEmpty() && !registrations.isEmpty()) {
          tellEverything();
        } else if (known.isPresent() && !known.get().equals(slave.toString())) {
          replaced.run();
          return;
        }
      } catch (IOException e) {
        lost(e);
      }
    }
  }

  private void tellEverything() throws IOException {
    for (Registration registration : registrations) {
      registration.register(master, slave);
    }
    away = false;
    told.accept("the ROS master is back or was restarted; registered with it again");
  }

  private void lost(IOException e) {
    if (!away) {
      away = true;
      told.accept(
          "the ROS master does not answer (%s); links go on, and it is asked again every %d ms"
              .formatted(e.getMessage(), periodMs));
    }
  }

  /** False once closed. */
  private boolean sleep() {
    synchronized (wake) {
      if (!closed) {
        try {
          wake.wait(periodMs);
        } catch (InterruptedException e) {
          return false;
        }
      }
      return !closed;
    }
  }

  /** Takes back every registration. */
  @Override
  public void close() {
    synchronized (wake) {
      closed = true;
      wake.notifyAll();
    }
    Sockets.join(thread);
    registrations.forEach(this::remove);
  }
}
