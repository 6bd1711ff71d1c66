package dev.capstan.agents.agent;

import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * What a manager can do: have pieces of its task done by its workers, never by itself, so often and
 * no more. What was given to whom follows from what the manager said, so that an attempt after a
 * crash knows it again.
 */
final class Delegations implements Hands {
  /** What is nobody's work to mend: the attempt ends, and another one goes on where it was. */
  private static final Set<ProblemCode> OF_THE_ATTEMPT =
      Set.of(
          ProblemCode.CONFLICT,
          ProblemCode.CANCELLED,
          ProblemCode.UNAVAILABLE,
          ProblemCode.CIRCUIT_OPEN,
          ProblemCode.TIMED_OUT,
          ProblemCode.TOO_MANY_REQUESTS);

  private final ManagerTask task;
  private final ToolCall step;
  private final AgentHouse house;
  private final Protocol protocol;
  private final List<Delegation> made = new ArrayList<>();
  private final SideBySide ahead = new SideBySide();
  private int asked;

  Delegations(ManagerTask task, ToolCall step, AgentHouse house) {
    this.task = task;
    this.step = step;
    this.house = house;
    this.protocol = new Protocol(task.names(), task.outputSchema());
  }

  List<Delegation> made() {
    return made;
  }

  @Override
  public List<ToolOffer> offers() {
    return protocol.offers();
  }

  /** No: what a worker must not do twice is announced by itself. */
  @Override
  public boolean isOnce(ToolRequest request) {
    return false;
  }

  @Override
  public void recall(ToolRequest request) {
    note(protocol.read(request));
  }

  /** What the wish makes true, whether it is done now or was done before; why not, if it cannot. */
  private Optional<String> note(Protocol.Wish wish) {
    return switch (wish) {
      case Protocol.Wish.Unclear unclear -> Optional.of(unclear.why());
      case Protocol.Wish.Finish finish -> Optional.empty();
      case Protocol.Wish.AskAgain again when again.delegation() > made.size() ->
          Optional.of("there is no delegation " + again.delegation());
      case Protocol.Wish.AskAgain again -> another();
      case Protocol.Wish.Delegate delegate -> {
        Optional<String> refused = another();
        if (refused.isEmpty()) {
          made.add(
              new Delegation(
                  made.size() + 1, worker(delegate.agent()).at(delegate.piece()), step, house));
        }
        yield refused;
      }
    };
  }

  private Optional<String> another() {
    if (asked >= task.most()) {
      return Optional.of(
          "you have asked "
              + asked
              + " times, which is all you may; call 'finish' with the best answer you have");
    }
    asked++;
    return Optional.empty();
  }

  private Worker worker(String name) {
    return task.workers().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the schema knows no '" + name + "'"));
  }

  /** Workers begin at once, each with the first that it is asked for. */
  @Override
  public void ahead(List<Call> calls) {
    if (calls.size() < 2) {
      return;
    }
    for (Call call : calls) {
      Piece piece = piece(call);
      ahead.add(call, piece.worker(), piece.work());
    }
    ahead.start();
  }

  @Override
  public void stop() {
    ahead.stop();
  }

  @Override
  public Message.ToolResult use(Call call) throws InterruptedException {
    return ahead.knows(call) ? ahead.result(call) : piece(call).work().call();
  }

  private interface Doing extends Callable<Message.ToolResult> {
    @Override
    Message.ToolResult call() throws InterruptedException;
  }

  /**
   * @param worker whose it is; empty when it takes nobody
   */
  private record Piece(String worker, Doing work) {}

  /** Workers of a manager are called differently. */
  private static String nameOf(Delegation delegation) {
    String name = delegation.task().name();
    return name == null ? delegation.task().agent() : name;
  }

  /** Takes note of the wish: what comes of it is still to be done. */
  private Piece piece(Call call) {
    ToolRequest request = call.request();
    Protocol.Wish wish = protocol.read(request);
    Optional<String> refused = note(wish);
    if (refused.isPresent()) {
      return new Piece("", () -> Hands.failed(request, refused.get()));
    }
    return switch (wish) {
      case Protocol.Wish.Unclear unclear ->
          new Piece("", () -> Hands.failed(request, unclear.why()));
      case Protocol.Wish.Finish finish -> new Piece("", () -> Hands.done(request, finish.answer()));
      case Protocol.Wish.Delegate delegate -> {
        Delegation fresh = made.getLast();
        yield new Piece(delegate.agent(), () -> result(request, fresh, null));
      }
      case Protocol.Wish.AskAgain again -> {
        Delegation earlier = made.get(again.delegation() - 1);
        Conversation.Asked what = new Conversation.Asked(call.name(), again.remarks());
        yield new Piece(nameOf(earlier), () -> result(request, earlier, what));
      }
    };
  }

  private static Message.ToolResult result(
      ToolRequest request,
      Delegation delegation,
      Conversation.@org.jspecify.annotations.Nullable Asked asked)
      throws InterruptedException {
    String agent = delegation.task().agent();
    try {
      AgentResult result = asked == null ? delegation.work() : delegation.workAgain(asked);
      String end = result.finish() == null ? "" : "\n(It was cut off here.)";
      return Hands.done(
          request,
          "Delegation " + delegation.number() + ", by " + agent + ":\n" + result.text() + end);
    } catch (Unsettled unknown) {
      throw unknown.within(delegation);
    } catch (Refusal refused) {
      Problem problem = refused.problem();
      if (OF_THE_ATTEMPT.contains(problem.code())) {
        throw refused;
      }
      return Hands.failed(
          request,
          "Delegation " + delegation.number() + ": " + agent + " came to no result: " + problem);
    }
  }

  @Override
  public Optional<String> lastWord(Message.ToolResult result) {
    return result.tool().equals(Protocol.FINISH) && !result.failed()
        ? Optional.of(result.content())
        : Optional.empty();
  }

  @Override
  public Optional<String> begunWord(ToolRequest broken) {
    return protocol.begunAnswer(broken);
  }
}
