package dev.parallax.sim.scene;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The textures that made-up worlds share: painting one costs more than drawing a picture, so a bank
 * is painted once. What a world takes is drawn from the world's own random series. Thread-safe.
 */
final class TextureBank {
  /** What a texture is fit for. */
  enum Kind {
    WALL,
    FLOOR,
    WOOD,
    CLOTH,
    METAL,
    ROAD,
    GROUND,
    LEAVES,
    FACADE,
    PICTURE,
    CARTON,
    CLOUDS
  }

  private static final int[] CALM = {
    0xD6D8D2, 0xC9C2A8, 0xB7C0C4, 0xE6E2D8, 0x9FA8A3, 0xD8C7B0, 0x8E8A86, 0x6F7A86
  };
  private static final int[] STRONG = {
    0xA65B43, 0x35688A, 0x4F8A3C, 0x7C3B35, 0xB98C5A, 0x33363A, 0xC8402F, 0xE0B53A
  };

  private final Map<Kind, List<Texture>> textures = new EnumMap<>(Kind.class);

  TextureBank(long seed) {
    Random random = new Random(seed);
    for (Kind kind : Kind.values()) {
      textures.put(kind, new ArrayList<>());
    }
    for (int i = 0; i < 5; i++) {
      addBuilding(random);
      addFurnishing(random);
      addOutdoors(random);
    }
  }

  Texture any(Kind kind, Random random) {
    List<Texture> all = textures.getOrDefault(kind, List.of());
    return all.get(random.nextInt(all.size()));
  }

  private void addBuilding(Random random) {
    TexturePainter painter = new TexturePainter(random.nextLong());
    add(Kind.WALL, painter.plaster(calm(random), 3 + 10 * random.nextDouble()));
    add(Kind.WALL, painter.plaster(calm(random), 15 + 25 * random.nextDouble()));
    add(Kind.WALL, painter.brick(strong(random), calm(random), 2 * (6 + random.nextInt(7))));
    add(Kind.WALL, painter.tiles(calm(random), calm(random), 0x9A9A96, 4));
    add(Kind.WALL, Texture.plain(calm(random)));
    add(Kind.FLOOR, painter.tiles(calm(random), strong(random), 0x5C5850, 4));
    add(Kind.FLOOR, painter.carpet(strong(random), calm(random)));
    add(Kind.FLOOR, painter.wood(0xA98258, 6 + random.nextInt(8)));
    add(Kind.FLOOR, painter.plaster(calm(random), 12));
    StreetPainter street = new StreetPainter(random.nextLong());
    add(Kind.FACADE, street.facade(random.nextBoolean() ? calm(random) : strong(random), true));
    add(Kind.FACADE, street.facade(calm(random), false));
    add(Kind.FACADE, street.shop(strong(random)));
  }

  private void addFurnishing(Random random) {
    TexturePainter painter = new TexturePainter(random.nextLong());
    PicturePainter pictures = new PicturePainter(random.nextLong());
    add(Kind.WOOD, painter.wood(random.nextBoolean() ? 0xC79A62 : 0x80552F, 5));
    add(Kind.WOOD, painter.painted(calm(random)));
    add(Kind.CLOTH, painter.plaid(strong(random), calm(random), 4 + random.nextInt(5)));
    add(Kind.CLOTH, painter.stripes(strong(random), calm(random), 3 + random.nextInt(6)));
    add(Kind.CLOTH, painter.cloth(strong(random)));
    add(Kind.METAL, painter.painted(random.nextBoolean() ? 0x8E9499 : 0x33363A));
    add(Kind.METAL, painter.painted(strong(random)));
    add(Kind.PICTURE, pictures.poster());
    add(Kind.PICTURE, pictures.books(3 + random.nextInt(3)));
    add(Kind.PICTURE, pictures.screen());
    add(Kind.PICTURE, pictures.windowView());
    add(Kind.CARTON, pictures.carton());
  }

  private void addOutdoors(Random random) {
    TexturePainter painter = new TexturePainter(random.nextLong());
    add(Kind.ROAD, painter.asphalt(0x606164 + 0x101010 * random.nextInt(4)));
    add(Kind.GROUND, painter.foliage(0x6F8A4C));
    add(Kind.GROUND, painter.plaster(0x9A8468, 60));
    add(Kind.LEAVES, painter.foliage(0x406030 + 0x0A1A08 * random.nextInt(4)));
    add(Kind.CLOUDS, new StreetPainter(random.nextLong()).clouds());
  }

  private void add(Kind kind, Texture texture) {
    textures.computeIfAbsent(kind, k -> new ArrayList<>()).add(texture);
  }

  private static int calm(Random random) {
    return CALM[random.nextInt(CALM.length)];
  }

  private static int strong(Random random) {
    return STRONG[random.nextInt(STRONG.length)];
  }
}
