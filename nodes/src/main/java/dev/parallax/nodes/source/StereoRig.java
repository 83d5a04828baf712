package dev.parallax.nodes.source;

import java.nio.file.Path;

/**
 * A second camera to the right of the one that is played, rectified with it.
 *
 * @param rightFolder holds its pictures, named as those of the left camera
 * @param baselineM how far it is to the right, metres, positive
 */
record StereoRig(Path rightFolder, double baselineM) {
  Path rightOf(Path leftPicture) {
    return rightFolder.resolve(leftPicture.getFileName());
  }
}
