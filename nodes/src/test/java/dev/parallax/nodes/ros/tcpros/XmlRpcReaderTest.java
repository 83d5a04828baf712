package dev.parallax.nodes.ros.tcpros;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class XmlRpcReaderTest {
  @Test
  void everyKindOfValueComesBack() throws Exception {
    Object value =
        List.of(1, -2.5, true, "a < b & \"c\" > ü", "", List.of(), Map.of("k", List.of(Map.of())));
    XmlRpcReader.Call call =
        XmlRpcReader.call(XmlRpcWriter.call("m", List.of(value, new byte[] {1, 2})));
    assertThat(call.method()).isEqualTo("m");
    assertThat(call.parameters().get(0)).isEqualTo(value);
    assertThat((byte[]) call.parameters().get(1)).containsExactly(1, 2);
  }

  @Test
  void aValueWithoutATypeIsAString() throws Exception {
    assertThat(response("<value>plain</value>")).isEqualTo("plain");
    assertThat(response("<value></value>")).isEqualTo("");
    assertThat(response("<value> <i4> 7 </i4> </value>")).isEqualTo(7);
  }

  @Test
  void aFaultIsAnError() {
    assertThatThrownBy(() -> XmlRpcReader.response(XmlRpcWriter.fault(4, "no such method")))
        .isInstanceOf(XmlRpcException.class)
        .hasMessageContaining("no such method");
  }

  @Test
  void entitiesThatUnfoldAreRefused() {
    StringBuilder bomb =
        new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a0 \"x\">");
    for (int i = 1; i < 30; i++) {
      bomb.append("<!ENTITY a%d \"&a%d;&a%d;\">".formatted(i, i - 1, i - 1));
    }
    bomb.append("]><methodCall><methodName>&a29;</methodName></methodCall>");
    assertRefused(bomb.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE b SYSTEM \"file:///etc/passwd\"><methodCall><methodName>m</methodName></methodCall>",
        "<!DOCTYPE b [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><methodCall><methodName>&e;</methodName></methodCall>",
        "<methodCall><methodName>&undeclared;</methodName></methodCall>",
        "<methodCall><methodName>m</methodName><params><param><value><int>x</int></value></param></params></methodCall>",
        "<methodCall><methodName>m</methodName><params><value/></params></methodCall>",
        "<methodCall>",
        "",
        "not xml",
      })
  void whatIsNoCallIsRefused(String document) {
    assertRefused(document);
  }

  @Test
  void valuesThatNestTooDeepAreRefused() {
    String open = "<value><array><data>".repeat(50_000);
    assertRefused("<methodCall><methodName>m</methodName><params><param>" + open);
  }

  @Test
  void aDamagedDocumentIsRefusedOrReadNeverMore() {
    byte[] whole =
        XmlRpcWriter.call("publisherUpdate", List.of("/master", "/t", List.of("http://h:1/")));
    Random random = new Random(5);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      try {
        assertThat(XmlRpcReader.call(damaged)).isNotNull();
      } catch (XmlRpcException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private static Object response(String value) throws XmlRpcException {
    String document =
        "<methodResponse><params><param>" + value + "</param></params></methodResponse>";
    return XmlRpcReader.response(document.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String document) {
    assertThatThrownBy(() -> XmlRpcReader.call(document.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(XmlRpcException.class);
  }
}
