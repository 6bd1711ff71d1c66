package dev.capstan.cli;

import dev.capstan.cli.api.Unreachable;
import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.cli.verb.Desk;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.ParameterException;

/** Answers one call at the prompt; every way that it can end has its exit code here. */
public final class Prompt {
  private static final int UNREACHABLE = 7;

  private Prompt() {}

  /** The exit code. */
  public static int answer(String[] arguments, Surroundings around) {
    try {
      return call(arguments, around);
    } catch (Refusal refused) {
      return refused(refused.problem(), around);
    } catch (Unreachable down) {
      around.err().println(red(around, "✗ ") + Safe.line(String.valueOf(down.getMessage())));
      around.err().println("  start it with ./capstan up, or see capstan doctor");
      return UNREACHABLE;
    } catch (ParameterException wrong) {
      around.err().println(red(around, "✗ ") + Safe.block(String.valueOf(wrong.getMessage())));
      around.err().println("  see capstan " + wrong.getCommandLine().getCommandName() + " --help");
      return ProblemCode.INVALID_REQUEST.exitCode();
    } catch (IOException broken) {
      around.err().println(red(around, "✗ ") + Safe.line(String.valueOf(broken)));
      return ProblemCode.INVALID_REQUEST.exitCode();
    } catch (Exception defect) {
      around
          .err()
          .println(
              red(around, "✗ ")
                  + "a defect in the command line: "
                  + Safe.line(String.valueOf(defect)));
      defect.printStackTrace(around.err());
      return ProblemCode.INTERNAL.exitCode();
    } finally {
      around.out().flush();
      around.err().flush();
    }
  }

  private static int call(String[] arguments, Surroundings around) throws Exception {
    String verb = arguments.length == 0 ? "--help" : arguments[0];
    if (verb.equals("--help") || verb.equals("-h") || verb.equals("help")) {
      around.out().print(Verbs.help(around.screen().paint()));
      return 0;
    }
    if (verb.equals("--version") || verb.equals("version")) {
      around.out().println("capstan " + Verbs.version());
      return 0;
    }
    if (verb.equals("rehearse")) {
      Rehearsal.play(around);
      return 0;
    }
    CommandLine line = Verbs.find(arguments, new Desk(around));
    line.setColorScheme(colours(around.screen().paint()));
    line.setUsageHelpWidth(Math.clamp(around.screen().columns(), 55, 100));
    var parsed = line.parseArgs(Verbs.rest(arguments));
    if (parsed.isUsageHelpRequested()) {
      line.usage(around.out());
      around.out().println();
      around.out().println("Exit codes: capstan --help");
      return 0;
    }
    Callable<Integer> command = line.getCommand();
    return command.call();
  }

  private static ColorScheme colours(Paint paint) {
    return CommandLine.Help.defaultColorScheme(paint == Paint.ON ? Ansi.ON : Ansi.OFF);
  }

  private static int refused(Problem problem, Surroundings around) {
    around.err().println(red(around, "✗ ") + Safe.block(problem.detail()));
    for (Mistake mistake : problem.mistakes()) {
      around.err().println("  " + Safe.block(mistake.toString()));
    }
    if (problem.code().retryable()) {
      around.err().println("  " + around.screen().paint().quiet("it may go well later: try again"));
    }
    return problem.code().exitCode();
  }

  private static String red(Surroundings around, String text) {
    return around.screen().paint().bad(text);
  }

  static String[] without(String[] arguments, int count) {
    return Arrays.copyOfRange(arguments, Math.min(count, arguments.length), arguments.length);
  }
}
