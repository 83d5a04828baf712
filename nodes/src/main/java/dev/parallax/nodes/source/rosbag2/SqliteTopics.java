package dev.parallax.nodes.source.rosbag2;

import dev.parallax.nodes.source.bag.BagChannel;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The topics of a rosbag2 database, with the definitions of their types where it has those. */
final class SqliteTopics {
  private final Connection database;

  SqliteTopics(Connection database) {
    this.database = database;
  }

  /** By the number that messages refer to them by. */
  Map<Integer, BagChannel> read() throws SQLException {
    Map<Integer, BagChannel.Schema> definitions = definitions();
    Map<Integer, BagChannel> channels = new LinkedHashMap<>();
    boolean withQos = hasColumn("topics", "offered_qos_profiles");
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT id, name, type, serialization_format%s FROM topics ORDER BY id"
                    .formatted(withQos ? ", offered_qos_profiles" : ""))) {
      while (rows.next()) {
        int id = rows.getInt(1);
        String type = text(rows, 3);
        BagChannel.Schema schema =
            definitions.getOrDefault(id, new BagChannel.Schema(type, "", new byte[0]));
        Map<String, String> metadata = new HashMap<>();
        if (withQos && !text(rows, 5).isEmpty()) {
          metadata.put("offered_qos_profiles", text(rows, 5));
        }
        channels.put(
            id,
            new BagChannel(
                id,
                text(rows, 2),
                text(rows, 4),
                new BagChannel.Schema(type, schema.encoding(), schema.data()),
                metadata));
      }
    }
    return channels;
  }

  /** What went wrong in SQLite's own words, without the driver's around them. */
  static String reason(SQLException e) {
    return String.valueOf(e.getMessage()).replaceAll("^\\[\\w+]\\s*", "").strip();
  }

  private Map<Integer, BagChannel.Schema> definitions() throws SQLException {
    Map<Integer, BagChannel.Schema> definitions = new HashMap<>();
    if (!hasColumn("message_definitions", "encoded_message_definition")) {
      return definitions; // before schema 4
    }
    try (Statement statement = database.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT t.id, d.encoding, d.encoded_message_definition FROM topics t"
                    + " JOIN message_definitions d ON d.topic_type = t.type")) {
      while (rows.next()) {
        byte[] definition = text(rows, 3).getBytes(StandardCharsets.UTF_8);
        if (definition.length > 0) {
          definitions.put(rows.getInt(1), new BagChannel.Schema("", text(rows, 2), definition));
        }
      }
    }
    return definitions;
  }

  private boolean hasColumn(String table, String column) throws SQLException {
    try (ResultSet columns = database.getMetaData().getColumns(null, null, table, column)) {
      return columns.next();
    }
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    String value = rows.getString(column);
    return value == null ? "" : value;
  }
}
