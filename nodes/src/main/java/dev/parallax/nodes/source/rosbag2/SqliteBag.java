package dev.parallax.nodes.source.rosbag2;

import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads rosbag2's SQLite storage, of every version so far: tables {@code topics}, {@code messages}
 * and, since schema 4, {@code message_definitions}. The file is never written to. One thread at a
 * time.
 */
public final class SqliteBag implements Bag {
  private static final String MAGIC = "SQLite format 3\0";

  private final Path path;
  private final Connection database;
  private final Map<Integer, BagChannel> channels;
  private final BagSummary summary;
  private final Set<String> warnings = new LinkedHashSet<>();

  private SqliteBag(
      Path path, Connection database, Map<Integer, BagChannel> channels, BagSummary summary) {
    this.path = path;
    this.database = database;
    this.channels = channels;
    this.summary = summary;
  }

  /**
   * @throws SourceException if the file cannot be read, is no SQLite file, is damaged beyond its
   *     list of topics, or holds no recording
   */
  public static SqliteBag open(Path path) {
    requireSqlite(path);
    Connection database = null;
    try {
      database = DriverManager.getConnection(url(path));
      Map<Integer, BagChannel> channels = new SqliteTopics(database).read();
      return new SqliteBag(path, database, channels, summary(database, channels));
    } catch (SQLException e) {
      closeQuietly(database);
      throw new SourceException(
          "%s: not readable as a recording of rosbag2 (%s); try sqlite3 FILE .recover"
              .formatted(path, SqliteTopics.reason(e)),
          e);
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public String format() {
    return "rosbag2 SQLite";
  }

  @Override
  public Collection<BagChannel> channels() {
    return channels.values();
  }

  @Override
  public Iterator<BagMessage> messages(Predicate<BagChannel> chosen) {
    Map<Integer, BagChannel> wanted = new LinkedHashMap<>();
    channels.forEach(
        (id, channel) -> {
          if (chosen.test(channel)) {
            wanted.put(id, channel);
          }
        });
    return new SqliteCursor(database, wanted, damage -> warnings.add(path + ": " + damage));
  }

  @Override
  public BagSummary summary() {
    return summary;
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void close() {
    closeQuietly(database); // closes what cursors left open
  }

  private static BagSummary summary(Connection database, Map<Integer, BagChannel> channels)
      throws SQLException {
    BagSummary.Builder summary = new BagSummary.Builder(channels.values());
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT topic_id, COUNT(*), MIN(timestamp), MAX(timestamp) FROM messages"
                    + " GROUP BY topic_id")) {
      while (rows.next()) {
        if (channels.containsKey(rows.getInt(1))) {
          summary.addMessages(
              rows.getLong(3), rows.getLong(4), Map.of(rows.getInt(1), rows.getLong(2)));
        }
      }
    }
    return summary.build();
  }

  /**
   * A file that nobody is writing is opened as one that never changes: SQLite then needs no lock,
   * and so no right to write beside it.
   */
  private static String url(Path path) {
    boolean inUse =
        Files.exists(path.resolveSibling(path.getFileName() + "-wal"))
            || Files.exists(path.resolveSibling(path.getFileName() + "-journal"));
    String uri = path.toAbsolutePath().toUri().getRawPath();
    return "jdbc:sqlite:file:%s?%s".formatted(uri, inUse ? "mode=ro" : "mode=ro&immutable=1");
  }

  private static void requireSqlite(Path path) {
    byte[] start;
    try (var in = Files.newInputStream(path)) {
      start = in.readNBytes(MAGIC.length());
    } catch (IOException e) {
      throw new SourceException(
          "%s: cannot be read (%s); check the path and its permissions".formatted(path, e), e);
    }
    if (!MAGIC.equals(new String(start, StandardCharsets.ISO_8859_1))) {
      throw new SourceException(
          "%s: not a rosbag2 recording (%s); give a .db3 file that ros2 bag info reads"
              .formatted(path, start.length == 0 ? "it is empty" : "no SQLite file"));
    }
  }

  private static void closeQuietly(@Nullable Connection database) {
    try {
      if (database != null) {
        database.close();
      }
    } catch (SQLException e) {
      // It was only read: nothing is lost.
    }
  }
}
