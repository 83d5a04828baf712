/**
 * What {@code replay --out} leaves in a folder, one small writer for each kind of file. Start at
 * {@link dev.parallax.nodes.runtime.files.FileSink}.
 */
package dev.parallax.nodes.runtime.files;
