package dev.capstan.agents.agent;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a manager can do: have others work, and use its memory if it has any.
 *
 * @param memory tools that are none of its workers'
 */
record LeadingHands(Delegations workers, Hands memory) implements Hands {
  @Override
  public List<ToolOffer> offers() {
    return Stream.concat(workers.offers().stream(), memory.offers().stream()).toList();
  }

  private Hands of(ToolRequest request) {
    boolean remembers =
        memory.offers().stream().anyMatch(offer -> offer.name().equals(request.tool()));
    return remembers ? memory : workers;
  }

  @Override
  public boolean isOnce(ToolRequest request) {
    return of(request).isOnce(request);
  }

  @Override
  public Message.ToolResult use(Call call) throws InterruptedException {
    return of(call.request()).use(call);
  }

  @Override
  public void ahead(List<Call> calls) {
    workers.ahead(calls.stream().filter(call -> of(call.request()).equals(workers)).toList());
  }

  @Override
  public void stop() {
    workers.stop();
  }

  @Override
  public void recall(ToolRequest request) {
    of(request).recall(request);
  }

  @Override
  public Optional<String> lastWord(Message.ToolResult result) {
    return workers.lastWord(result);
  }

  @Override
  public Optional<String> begunWord(ToolRequest broken) {
    return workers.begunWord(broken);
  }
}
