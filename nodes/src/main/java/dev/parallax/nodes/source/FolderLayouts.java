package dev.parallax.nodes.source;

import java.nio.file.Path;
import java.util.List;

/** The folder layouts that are understood, and which of them a folder has. */
final class FolderLayouts {
  /** The first that matches is taken, so the least demanding is last. */
  private static final List<FolderLayout> ALL =
      List.of(
          new EurocLayout(),
          new TumLayout(),
          new SevenScenesLayout(),
          new KittiLayout(),
          new PlainLayout());

  private FolderLayouts() {}

  /**
   * The layout of a folder, by what it holds.
   *
   * @throws SourceException if it is none of them
   */
  static FolderLayout of(Path folder) {
    for (FolderLayout layout : ALL) {
      if (layout.matches(folder)) {
        return layout;
      }
    }
    String wrong =
        FolderFiles.list(folder).isEmpty() ? "is empty" : "holds no pictures in a known layout";
    throw new SourceException(
        "%s: the folder %s; understood are %s"
            .formatted(
                folder,
                wrong,
                String.join("; ", ALL.stream().map(FolderLayout::description).toList())));
  }
}
