package dev.parallax.proto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What was once published can be read for ever: no number is reused, no type changes. {@code
 * contract.txt} holds every field there ever was; {@code -Dparallax.contract.update=true} adds the
 * new ones and never takes one away.
 */
class ContractTest {
  private static final Path REMEMBERED = Path.of("src", "test", "resources", "contract.txt");
  private static final Path PAGE = Path.of("README.md");

  private static Contract contract;

  @BeforeAll
  static void readWhatTheBuildCompiled() throws IOException {
    contract = Contract.compiled();
    if (Boolean.getBoolean("parallax.contract.update")) {
      List<String> old = Files.exists(REMEMBERED) ? Files.readAllLines(REMEMBERED) : List.of();
      TreeSet<String> all = new TreeSet<>(old);
      all.addAll(contract.lines());
      Files.write(REMEMBERED, all);
      Files.writeString(PAGE, ContractPage.of(contract));
    }
  }

  @Test
  void noNumberIsReusedAndNoTypeChanges() throws IOException {
    assertThat(clashes(Files.readAllLines(REMEMBERED), contract.lines())).isEmpty();
  }

  @Test
  void everyFieldIsRemembered() throws IOException {
    assertThat(Files.readAllLines(REMEMBERED))
        .as("run: mvn -q -o -pl proto test -Dparallax.contract.update=true")
        .containsAll(contract.lines());
  }

  @Test
  void aReusedNumberAChangedTypeAndARenamedFieldAreFound() {
    List<String> remembered = List.of("a.M 1 x double", "a.M 2 y string", "a.M 3 z bytes");
    assertThat(clashes(remembered, List.of("a.M 1 x double", "a.M 2 other string"))).hasSize(1);
    assertThat(clashes(remembered, List.of("a.M 1 x float"))).hasSize(1);
    assertThat(clashes(remembered, List.of("a.M 1 x repeated double"))).hasSize(1);
    assertThat(clashes(remembered, List.of("a.M 7 y string"))).hasSize(1);
    assertThat(clashes(remembered, List.of("a.M 1 x double", "a.M 4 w int32"))).isEmpty();
  }

  @Test
  void everyMessageFieldAndValueIsDescribed() {
    for (Contract.Message message : contract.messages()) {
      assertThat(message.comment()).as(message.name()).isNotBlank();
      assertThat(message.fields())
          .allSatisfy(
              f -> assertThat(f.comment()).as(message.name() + "." + f.name()).isNotBlank());
    }
    for (Contract.Enumeration e : contract.enumerations()) {
      assertThat(e.comment()).as(e.name()).isNotBlank();
      assertThat(e.values())
          .allSatisfy(v -> assertThat(v.comment()).as(e.name() + "." + v.name()).isNotBlank());
    }
  }

  @Test
  void everyNumberSaysItsUnit() {
    for (Contract.Message message : contract.messages()) {
      for (Contract.Field field : message.fields()) {
        if (field.type().matches("(repeated )?(double|float|u?int32|u?int64|sint32|fixed64)")) {
          assertThat(field.comment() + " " + message.comment())
              .as(message.name() + "." + field.name())
              .containsPattern(
                  "(?i)metres|radians|second|pixels|rows|no unit|unit quaternion|unit is|share|"
                      + "length|takeovers");
        }
      }
    }
  }

  @Test
  void thePageIsCurrent() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("run: mvn -q -o -pl proto test -Dparallax.contract.update=true")
        .isEqualTo(ContractPage.of(contract));
  }

  /** Fields whose number or name was once another field's, or that changed their type. */
  private static List<String> clashes(List<String> remembered, List<String> now) {
    TreeMap<String, String> byNumber = new TreeMap<>();
    TreeMap<String, String> byName = new TreeMap<>();
    for (String line : remembered) {
      String[] words = line.split(" ", 4);
      byNumber.put(words[0] + " " + words[1], line);
      byName.put(words[0] + " " + words[2], line);
    }
    List<String> clashes = new ArrayList<>();
    for (String line : now) {
      String[] words = line.split(" ", 4);
      String sameNumber = byNumber.getOrDefault(words[0] + " " + words[1], line);
      String sameName = byName.getOrDefault(words[0] + " " + words[2], line);
      if (!sameNumber.equals(line) || !sameName.equals(line)) {
        clashes.add(
            "%s, but it was: %s".formatted(line, sameNumber.equals(line) ? sameName : sameNumber));
      }
    }
    return clashes;
  }
}
