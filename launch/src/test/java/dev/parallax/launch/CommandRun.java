package dev.parallax.launch;

import dev.parallax.nodes.cli.ParallaxCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * The real command line, run in this JVM.
 *
 * @param status the exit status
 * @param out standard output
 * @param err standard error, without the progress bar
 */
record CommandRun(int status, String out, String err) {
  static CommandRun of(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = ParallaxCommand.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] words = new String[args.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = args[i].toString();
    }
    int status = command.execute(words);
    return new CommandRun(status, out.toString(), err.toString());
  }
}
