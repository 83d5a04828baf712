package dev.parallax.nodes.cli;

/** What the process answers to its caller. */
public final class ExitStatus {
  /** Everything that was asked for was done. */
  public static final int OK = 0;

  /** Work could not be done or finished; standard error says why. */
  public static final int FAILED = 1;

  /** The command line is wrong or the input cannot be read. */
  public static final int USAGE = 2;

  private ExitStatus() {}
}
