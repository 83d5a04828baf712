package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.web.DashboardMessage.Kind;
import dev.parallax.nodes.web.DashboardMessage.Section;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class DashboardMessageTest {
  private static final Section FIVE = new Section(Kind.STATUS, new byte[] {1, 2, 3, 4, 5});
  private static final Section EIGHT = new Section(Kind.PATH, new byte[] {8, 7, 6, 5, 4, 3, 2, 1});

  @Test
  void headerIsLittleEndianAndSaysHowManySectionsFollow() {
    byte[] message = DashboardMessage.encode(0x0102030405L, 7, List.of(FIVE, EIGHT));
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(new byte[] {message[0], message[1], message[2], message[3]})
        .asString()
        .isEqualTo("PLX1");
    assertThat(in.getShort(4)).isEqualTo((short) 24);
    assertThat(in.getShort(6)).isEqualTo((short) 2);
    assertThat(in.getLong(8)).isEqualTo(0x0102030405L);
    assertThat(in.getInt(16)).isEqualTo(7);
  }

  @Test
  void everySectionStartsOnAMultipleOfEight() {
    byte[] message = DashboardMessage.encode(0, 0, List.of(FIVE, EIGHT));
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(in.getShort(24)).isEqualTo((short) Kind.STATUS.code);
    assertThat(in.getInt(28)).isEqualTo(5);
    assertThat(in.getShort(40)).isEqualTo((short) Kind.PATH.code);
    assertThat(message).hasSize(24 + 16 + 16);
  }

  @Test
  void sectionsComeBackAsTheyWere() {
    List<Section> read =
        DashboardMessage.decode(DashboardMessage.encode(3, 0, List.of(FIVE, EIGHT)));
    assertThat(read).extracting(Section::kind).containsExactly(Kind.STATUS, Kind.PATH);
    assertThat(read.get(0).body()).isEqualTo(FIVE.body());
    assertThat(read.get(1).body()).isEqualTo(EIGHT.body());
  }
}
