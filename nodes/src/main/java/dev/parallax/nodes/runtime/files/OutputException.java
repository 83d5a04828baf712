package dev.parallax.nodes.runtime.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Results cannot be written; the message is one line that names the path, the reason and the
 * remedy. What was written before is whole.
 */
public final class OutputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OutputException(String message) {
    super(message);
  }

  public OutputException(Path path, IOException cause) {
    super("%s: cannot be written: %s".formatted(path, explain(cause)), cause);
  }

  private static String explain(IOException e) {
    String reason = reason(e);
    if (reason.toLowerCase(Locale.ROOT).contains("no space left")) {
      return "the disk is full; free some space or name a folder on another disk with --out";
    }
    if (e instanceof AccessDeniedException || reason.contains("Read-only")) {
      return "no permission; name a folder that you may write to with --out";
    }
    return reason + "; name another folder with --out";
  }

  private static String reason(IOException e) {
    @Nullable String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return text == null ? e.getClass().getSimpleName() : text;
  }
}
