package dev.parallax.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages as the compiler saw them, comments included; written by the build. */
final class Contract {
  private static final Path DESCRIPTORS = Path.of("target", "contract.binpb");
  private static final int FILE_MESSAGES = FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER;
  private static final int FILE_ENUMS = FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER;

  private final List<Message> messages = new ArrayList<>();
  private final List<Enumeration> enumerations = new ArrayList<>();

  /**
   * @param type as on the wire and in the file: {@code repeated double}, {@code foxglove.Pose}
   */
  record Field(int number, String name, String type, String comment) {}

  record Message(String file, String name, String comment, List<Field> fields) {}

  record Enumeration(String file, String name, String comment, List<Field> values) {}

  private Contract(FileDescriptorSet set) {
    for (FileDescriptorProto file : set.getFileList()) {
      if (!file.getPackage().startsWith("google.")) {
        read(file);
      }
    }
  }

  static Contract compiled() throws IOException {
    try (InputStream in = Files.newInputStream(DESCRIPTORS)) {
      return new Contract(FileDescriptorSet.parseFrom(in));
    }
  }

  List<Message> messages() {
    return messages;
  }

  List<Enumeration> enumerations() {
    return enumerations;
  }

  /** One line for each field and enum value, sorted: what a checked-in copy is compared with. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Message message : messages) {
      message
          .fields()
          .forEach(
              f ->
                  lines.add(
                      "%s %d %s %s".formatted(message.name(), f.number(), f.name(), f.type())));
    }
    for (Enumeration e : enumerations) {
      e.values().forEach(v -> lines.add("%s %d %s enum".formatted(e.name(), v.number(), v.name())));
    }
    return lines.stream().sorted().toList();
  }

  private void read(FileDescriptorProto file) {
    Map<List<Integer>, String> comments = new HashMap<>();
    file.getSourceCodeInfo()
        .getLocationList()
        .forEach(l -> comments.put(l.getPathList(), l.getLeadingComments().trim()));
    for (int i = 0; i < file.getMessageTypeCount(); i++) {
      read(file, file.getPackage(), file.getMessageType(i), List.of(FILE_MESSAGES, i), comments);
    }
    for (int i = 0; i < file.getEnumTypeCount(); i++) {
      read(file, file.getPackage(), file.getEnumType(i), List.of(FILE_ENUMS, i), comments);
    }
  }

  private void read(
      FileDescriptorProto file,
      String scope,
      DescriptorProto message,
      List<Integer> path,
      Map<List<Integer>, String> comments) {
    String name = scope + "." + message.getName();
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < message.getFieldCount(); i++) {
      FieldDescriptorProto f = message.getField(i);
      fields.add(
          new Field(
              f.getNumber(),
              f.getName(),
              type(f),
              at(comments, path, DescriptorProto.FIELD_FIELD_NUMBER, i)));
    }
    messages.add(new Message(file.getName(), name, comments.getOrDefault(path, ""), fields));
    for (int i = 0; i < message.getNestedTypeCount(); i++) {
      read(
          file,
          name,
          message.getNestedType(i),
          append(path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i),
          comments);
    }
    for (int i = 0; i < message.getEnumTypeCount(); i++) {
      read(
          file,
          name,
          message.getEnumType(i),
          append(path, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, i),
          comments);
    }
  }

  private void read(
      FileDescriptorProto file,
      String scope,
      EnumDescriptorProto enumeration,
      List<Integer> path,
      Map<List<Integer>, String> comments) {
    List<Field> values = new ArrayList<>();
    for (int i = 0; i < enumeration.getValueCount(); i++) {
      values.add(
          new Field(
              enumeration.getValue(i).getNumber(),
              enumeration.getValue(i).getName(),
              "enum",
              at(comments, path, EnumDescriptorProto.VALUE_FIELD_NUMBER, i)));
    }
    enumerations.add(
        new Enumeration(
            file.getName(),
            scope + "." + enumeration.getName(),
            comments.getOrDefault(path, ""),
            values));
  }

  private static String type(FieldDescriptorProto field) {
    String type =
        field.getTypeName().isEmpty()
            ? field.getType().name().substring("TYPE_".length()).toLowerCase(java.util.Locale.ROOT)
            : field.getTypeName().substring(1);
    if (field.getLabel() == FieldDescriptorProto.Label.LABEL_REPEATED) {
      return "repeated " + type;
    }
    return field.getProto3Optional() ? "optional " + type : type;
  }

  private static String at(
      Map<List<Integer>, String> comments, List<Integer> path, int kind, int index) {
    return comments.getOrDefault(append(path, kind, index), "");
  }

  private static List<Integer> append(List<Integer> path, int kind, int index) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(kind);
    longer.add(index);
    return longer;
  }
}
