package dev.parallax.nodes.source.rosbag2;

import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The messages of some topics in the order of record time, ties in the order of recording. Damage
 * ends it, with a warning.
 */
final class SqliteCursor implements Iterator<BagMessage> {
  private final Connection database;
  private final Map<Integer, BagChannel> wanted;
  private final Consumer<String> warnings;
  private @Nullable Statement statement;
  private @Nullable ResultSet rows;
  private @Nullable BagMessage next;
  private long given;
  private boolean started;

  SqliteCursor(Connection database, Map<Integer, BagChannel> wanted, Consumer<String> warnings) {
    this.database = database;
    this.wanted = wanted;
    this.warnings = warnings;
  }

  @Override
  public boolean hasNext() {
    if (!started || (next == null && rows != null)) {
      advance();
    }
    return next != null;
  }

  @Override
  public BagMessage next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    BagMessage message = next;
    next = null;
    given++;
    if (message == null) {
      throw new NoSuchElementException();
    }
    return message;
  }

  private void advance() {
    try {
      ResultSet open = rows;
      if (!started) {
        started = true;
        open = query();
      }
      while (open != null && next == null) {
        if (!open.next()) {
          end();
          return;
        }
        next = message(open);
      }
    } catch (SQLException e) {
      warnings.accept(
          "the database is damaged (%s); what follows %d messages is lost"
              .formatted(SqliteTopics.reason(e), given));
      end();
    }
  }

  private ResultSet query() throws SQLException {
    String topics = wanted.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
    Statement opened = database.createStatement();
    statement = opened;
    ResultSet found =
        opened.executeQuery(
            "SELECT topic_id, timestamp, data FROM messages WHERE topic_id IN (%s)"
                    .formatted(topics)
                + " ORDER BY timestamp, id");
    rows = found;
    return found;
  }

  /** Null for a row that holds no message. */
  private @Nullable BagMessage message(ResultSet row) throws SQLException {
    BagChannel channel = wanted.get(row.getInt(1));
    byte[] data = row.getBytes(3);
    long timeNs = row.getLong(2);
    return channel == null || data == null || timeNs < 0
        ? null
        : new BagMessage(
            channel,
            new Timestamp(timeNs),
            ByteBuffer.wrap(data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
  }

  private void end() {
    rows = null;
    try {
      if (statement != null) {
        statement.close();
      }
    } catch (SQLException e) {
      // It was only read: nothing is lost.
    }
  }
}
