package dev.parallax.nodes.codec;

/**
 * A picture as a camera or codec compressed it, to be passed on unchanged.
 *
 * @param format as the publisher wrote it: {@code jpeg}, {@code png} or ROS's longer forms
 * @param data the file's bytes, not copied
 */
public record EncodedPicture(String format, byte[] data) {}
