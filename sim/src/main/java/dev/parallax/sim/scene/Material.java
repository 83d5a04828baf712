package dev.parallax.sim.scene;

/**
 * What a surface looks like.
 *
 * @param tileUM metres along u that one repeat of the texture covers
 * @param tileVM metres along v
 * @param glow share of the texture's colour that shines by itself, 0..1: lamps and bright windows
 */
record Material(Texture texture, double tileUM, double tileVM, double glow) {
  Material {
    if (!(tileUM > 0 && tileVM > 0) || !(glow >= 0 && glow <= 1)) {
      throw new IllegalArgumentException(
          "Material with tile %s x %s m and glow %s".formatted(tileUM, tileVM, glow));
    }
  }

  static Material tiled(Texture texture, double tileM) {
    return new Material(texture, tileM, tileM, 0);
  }

  /** One picture stretched over a face of the given size. */
  static Material picture(Texture texture, double widthM, double heightM) {
    return new Material(texture, widthM, heightM, 0);
  }

  static Material plain(int rgb) {
    return tiled(Texture.plain(rgb), 1);
  }

  Material glowing(double share) {
    return new Material(texture, tileUM, tileVM, share);
  }
}
