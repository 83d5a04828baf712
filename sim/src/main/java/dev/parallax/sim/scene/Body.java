package dev.parallax.sim.scene;

import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * One rigid piece of a scene.
 *
 * @param materials one for each face of the shape in order; the last also serves the faces after it
 * @param castsShadow false for what surrounds everything (floor, walls), which would only darken
 */
record Body(Shape shape, Motion motion, List<Material> materials, boolean castsShadow) {
  Body {
    if (materials.isEmpty()) {
      throw new IllegalArgumentException("A body needs at least one material");
    }
    materials = List.copyOf(materials);
  }

  static Body still(Shape shape, Se3 T_world_body, Material... materials) {
    return new Body(shape, new Motion.Still(T_world_body), List.of(materials), true);
  }

  static Body still(Shape shape, Se3 T_world_body, List<Material> materials) {
    return new Body(shape, new Motion.Still(T_world_body), materials, true);
  }

  static Body moving(Shape shape, Motion motion, Material... materials) {
    return new Body(shape, motion, List.of(materials), true);
  }

  Body withoutShadow() {
    return new Body(shape, motion, materials, false);
  }

  boolean isStill() {
    return motion instanceof Motion.Still;
  }

  Material material(int face) {
    return materials.get(Math.min(face, materials.size() - 1));
  }
}
