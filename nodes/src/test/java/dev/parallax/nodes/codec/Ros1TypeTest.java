package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Ros1TypeTest {
  @ParameterizedTest
  @EnumSource(Ros1Type.class)
  void theDefinitionHasThePublishedChecksum(Ros1Type type) throws Exception {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    String name = "";
    for (String line : type.definition().split("\n")) {
      if (line.startsWith("MSG: ")) {
        name = line.substring(5);
      } else if (!line.startsWith("==")) {
        parts.computeIfAbsent(name, k -> new ArrayList<>()).add(line);
      }
    }
    assertThat(checksum("", parts)).isEqualTo(type.md5());
  }

  /** As ROS does: names of embedded types are replaced by their own checksums. */
  private static String checksum(String name, Map<String, List<String>> parts) throws Exception {
    List<String> lines = new ArrayList<>();
    for (String line : parts.get(name)) {
      String[] field = line.split(" ");
      lines.add(parts.containsKey(field[0]) ? checksum(field[0], parts) + " " + field[1] : line);
    }
    byte[] digest =
        MessageDigest.getInstance("MD5")
            .digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    return "%032x".formatted(new BigInteger(1, digest));
  }
}
