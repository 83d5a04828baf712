package dev.parallax.kernels.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A main class in a process of its own: a driver loads once, and reads its environment then. */
final class ChildProcess implements AutoCloseable {
  private final Process process;

  /**
   * @param libraries the folder its driver is looked for in
   */
  ChildProcess(Class<?> main, Path libraries, Map<String, String> environment, String... arguments)
      throws IOException {
    this(main, System.getProperty("java.class.path"), libraries, environment, arguments);
  }

  ChildProcess(
      Class<?> main,
      String classPath,
      Path libraries,
      Map<String, String> environment,
      String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LD_LIBRARY_PATH", libraries.toAbsolutePath().toString());
    builder.environment().putAll(environment);
    process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Its next line; null once it says no more. */
  String line() throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readLine();
  }

  /** All that it says until it ends. */
  String said() throws IOException, InterruptedException {
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.trim();
  }

  /** Lets a process that reads its input end, and waits for that. */
  void release() throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
