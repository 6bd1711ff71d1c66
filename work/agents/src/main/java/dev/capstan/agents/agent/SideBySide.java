package dev.capstan.agents.agent;

import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * What a manager wished in one breath: different workers are at work side by side, and one worker
 * does one thing after the other. For the manager's own thread.
 */
final class SideBySide {
  private final Map<Call, FutureTask<Message.ToolResult>> works = new LinkedHashMap<>();
  private final Map<String, List<FutureTask<Message.ToolResult>>> ofWorkers = new LinkedHashMap<>();

  /** One of them has ended the attempt, or somebody else has. */
  private volatile boolean over;

  void add(Call call, String worker, Callable<Message.ToolResult> work) {
    FutureTask<Message.ToolResult> task = new FutureTask<>(work);
    works.put(call, task);
    ofWorkers.computeIfAbsent(worker, fresh -> new ArrayList<>()).add(task);
  }

  /** Lets each worker begin with its first. */
  void start() {
    ofWorkers.forEach((worker, tasks) -> {
      List<FutureTask<Message.ToolResult>> own = List.copyOf(tasks);
      Thread.ofVirtual().name("worker " + worker).start(() -> work(own));
    });
    ofWorkers.clear();
  }

  /** Each begins with its first, however soon another ends the attempt; nobody goes on then. */
  private void work(List<FutureTask<Message.ToolResult>> own) {
    boolean goesOn = true;
    for (FutureTask<Message.ToolResult> next : own) {
      if (goesOn) {
        next.run();
        goesOn = !over && next.state() == Future.State.SUCCESS;
      } else {
        next.cancel(false);
      }
    }
  }

  boolean knows(Call call) {
    return works.containsKey(call);
  }

  /**
   * Waits for what comes of it. When it ends the attempt, the others finish first what they are at:
   * it is paid for, and the next attempt finds it.
   */
  Message.ToolResult result(Call call) throws InterruptedException {
    FutureTask<Message.ToolResult> work = works.get(call);
    if (work == null) {
      throw new IllegalStateException("nobody was asked for " + call.name());
    }
    try {
      return work.get();
    } catch (ExecutionException ended) {
      Throwable cause = ended.getCause();
      if (cause instanceof Refusal || cause instanceof Unsettled) {
        over = true;
        awaitOthers();
      }
      throw rethrown(cause == null ? ended : cause);
    }
  }

  private void awaitOthers() throws InterruptedException {
    for (FutureTask<Message.ToolResult> other : works.values()) {
      awaitEnd(other);
    }
  }

  private static void awaitEnd(FutureTask<Message.ToolResult> other) throws InterruptedException {
    try {
      other.get();
    } catch (ExecutionException | CancellationException ended) {
      // What became of it is written down, and the first that failed is told.
    }
  }

  private static RuntimeException rethrown(Throwable cause) throws InterruptedException {
    return switch (cause) {
      case InterruptedException stopped -> throw stopped;
      case RuntimeException told -> told;
      case Error fatal -> throw fatal;
      default -> new IllegalStateException(cause);
    };
  }

  /** Whoever is still at work stops: the attempt is over. */
  void stop() {
    over = true;
    works.values().forEach(work -> work.cancel(true));
    works.clear();
  }
}
