package dev.parallax.sim.scene;

/** A world for training pictures, and where cameras may stand in it. */
record MadeUpWorld(Scene scene, CameraRange cameras) {
  static MadeUpWorld of(WorldKind kind, TextureBank bank, long seed) {
    WorldBuilder builder = new WorldBuilder(bank, seed);
    return switch (kind) {
      case ROOM -> new IndoorWorlds(builder).room();
      case TABLETOP -> new IndoorWorlds(builder).tabletop();
      case CORRIDOR -> new IndoorWorlds(builder).corridor();
      case WAREHOUSE -> new IndoorWorlds(builder).warehouse();
      case STREET -> new OutdoorWorlds(builder).street();
      case NATURE -> new OutdoorWorlds(builder).nature();
      case CLUTTER -> new OutdoorWorlds(builder).clutter();
    };
  }
}
