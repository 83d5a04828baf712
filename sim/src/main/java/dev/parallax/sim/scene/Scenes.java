package dev.parallax.sim.scene;

import java.util.List;

/** The simulated worlds that can be asked for by name. */
public enum Scenes {
  ROOM("room", "a furnished room with walking people, a robot driving round, camera at 0.8 m"),
  ROOM_HANDHELD("room-handheld", "the same room, the camera carried by a jerky hand"),
  STREET("street", "a street with parked and moving cars, 8 m/s, camera at 1.5 m"),
  TOWN("town", "four streets round a block, driven round once a minute, 7.5 m/s, camera at 1.5 m"),
  APPROACH("approach", "3 m/s straight at a wall, to see how far depth lags"),
  STILL("still", "the room from a camera that does not move, people walking"),
  TURN("turn", "the room from a camera that steps aside, turns on the spot, steps aside again"),
  WALL("wall", "along a wall that fills the picture: all there is lies in a plane"),
  BARE("bare", "a white room with a picture and a carton: hardly anything to follow");

  private final String label;
  private final String description;

  Scenes(String label, String description) {
    this.label = label;
    this.description = description;
  }

  /** The name to ask for. */
  public String label() {
    return label;
  }

  /** Whether it is seen farther than a room: depth in pictures of 16 bits needs coarser units. */
  public boolean isOutdoors() {
    return this == STREET || this == TOWN;
  }

  /** One line for people. */
  public String description() {
    return description;
  }

  public static List<String> labels() {
    return List.of(values()).stream().map(Scenes::label).toList();
  }

  /**
   * @throws IllegalArgumentException if there is no such scene, naming those there are
   */
  public static Scenes named(String label) {
    for (Scenes scene : values()) {
      if (scene.label.equals(label)) {
        return scene;
      }
    }
    throw new IllegalArgumentException(
        "No scene is named '%s'; there are %s".formatted(label, String.join(", ", labels())));
  }

  /**
   * Builds the world and the camera's way through it.
   *
   * @param durationS how long it will be watched, which decides how long a street must be
   */
  public Staged stage(long seed, double durationS) {
    return switch (this) {
      case ROOM -> new Staged(new RoomScene(seed).build(), RoomScene.tour());
      case ROOM_HANDHELD -> new Staged(new RoomScene(seed).build(), RoomScene.handheldTour(seed));
      case STILL -> new Staged(new RoomScene(seed).build(), RoomScene.tripod());
      case TURN -> new Staged(new RoomScene(seed).build(), RoomScene.turn());
      case WALL -> new Staged(new WallScene(seed).build(), WallScene.slide());
      case BARE -> new Staged(new BareScene(seed).build(), BareScene.slide());
      case STREET -> new Staged(new StreetScene(seed, durationS).build(), StreetScene.drive(seed));
      case TOWN -> new Staged(new TownScene(seed).build(), TownScene.drive(seed));
      case APPROACH -> new Staged(new HallScene(seed).build(), HallScene.approach());
    };
  }

  /** A world and a camera's way through it. */
  public record Staged(Scene scene, Trajectory trajectory) {}
}
