package dev.capstan.cli.verb;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The door to what agents remember. */
@Command(name = "memory", description = "List, search or forget what agents remember.")
public final class MemoryVerb implements Callable<Integer> {
  @Mixin Manner manner = new Manner();

  @Override
  public Integer call() {
    throw Desk.wrong(
        "say what to do: capstan memory list [GROUP], memory search GROUP QUERY or memory forget"
            + " GROUP ID");
  }
}
