package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience.WaitListener;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.server.crews.CrewShelf;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/chat/completions}: any client of OpenAI's in front of the gateway. */
public final class ChatDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ChatDesk.class);

  /** As long as OpenAI's own clients wait. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final Gateway gateway;
  private final RunModels runs;
  private final InstantSource clock;
  private final RunIds ids;

  /** {@code seed} sets where the answers' ids start. */
  public ChatDesk(Gateway gateway, RunModels runs, InstantSource clock, long seed) {
    this.runs = runs;
    this.gateway = gateway;
    this.clock = clock;
    this.ids = new RunIds(clock, seed);
  }

  public Answer complete(Exchange exchange) throws IOException, InterruptedException {
    Chat chat;
    try {
      chat = ChatReader.read(exchange.object(), exchange.tenant(), exchange.hasEscapes());
    } catch (Refusal refused) {
      return Trouble.ofRequest(refused.problem()).answer();
    }
    ModelCall call = chat.call(mayBeCached(exchange), clock.instant().plus(LONGEST));
    Completion completion =
        new Completion(
            "chatcmpl-" + Long.toString(ids.next().value(), 36),
            chat.model(),
            clock.millis() / 1000);
    return chat.stream()
        ? stream(exchange, call, completion, chat.usage())
        : unlessGone(exchange, call, completion);
  }

  private static boolean mayBeCached(Exchange exchange) {
    String wish = exchange.request().getHeader("Cache-Control");
    return wish == null || !(wish.contains("no-cache") || wish.contains("no-store"));
  }

  private Answer whole(Exchange exchange, ModelCall call, Completion completion)
      throws InterruptedException {
    return switch (ask(exchange, call, DeltaSink.NOBODY)) {
      case Told.Answered told ->
          // A vendor may send half of a surrogate pair, which only text survives.
          Answer.text(200, Answer.JSON, Json.write(completion.whole(told)))
              .with("x-capstan-cost", told.cost().toString())
              .with("x-capstan-provider", told.provider())
              .with("x-capstan-cache", told.cached() ? "hit" : "miss");
      case Told.Failed failed -> failed(failed);
    };
  }

  private Answer unlessGone(Exchange exchange, ModelCall call, Completion completion)
      throws InterruptedException {
    try {
      return whole(exchange, call, completion);
    } catch (ChatStream.Gone gone) {
      LOG.debug("the client of {} has gone", call.model(), gone);
      return new Answer.Taken();
    }
  }

  private Told ask(Exchange exchange, ModelCall call, DeltaSink sink) throws InterruptedException {
    try {
      if (CrewShelf.isMeant(call.model()) && !gateway.models().contains(call.model())) {
        String key = exchange.header("Idempotency-Key");
        return runs.ask(call, key, new Client(exchange, sink));
      }
      exchange.expectMore();
      return gateway.ask(call, sink, WaitListener.NOBODY);
    } catch (Refusal refused) {
      return new Told.Failed(refused.problem(), null, null, Money.ZERO, List.of());
    }
  }

  /** Whoever asked an agent or a crew. */
  private record Client(Exchange exchange, DeltaSink sink) implements RunModels.Asker {
    @Override
    public void begun(RunId run) {
      exchange.response().setHeader("x-capstan-run", run.toString());
    }

    @Override
    public void next(Delta delta) {
      sink.next(delta);
    }

    @Override
    public void still() {
      if (sink instanceof ChatStream stream) {
        stream.still();
      }
    }

    @Override
    public void look() {
      if (!(sink instanceof ChatStream) && exchange.isCallerGone()) {
        throw new ChatStream.Gone(new IOException("the connection is closed"));
      }
    }
  }

  private static Answer failed(Told.Failed failed) {
    return Trouble.of(failed).answer().with("x-capstan-cost", failed.cost().toString());
  }

  private Answer stream(Exchange exchange, ModelCall call, Completion completion, boolean usage)
      throws InterruptedException {
    ChatStream stream = new ChatStream(exchange.response(), completion);
    try {
      switch (ask(exchange, call, stream)) {
        case Told.Answered told -> stream.end(told, usage);
        case Told.Failed failed when stream.isGone() ->
            LOG.debug("the client of {} has gone: {}", call.model(), failed.problem());
        case Told.Failed failed when stream.hasBegun() -> stream.broken(broken(failed));
        case Told.Failed failed -> {
          return failed(failed);
        }
      }
    } catch (ChatStream.Gone gone) {
      LOG.debug("the client of {} has gone", call.model(), gone);
    }
    return new Answer.Taken();
  }

  private static tools.jackson.databind.node.ObjectNode broken(Told.Failed failed) {
    var trouble = Trouble.of(failed).json();
    trouble.putObject("capstan").put("cost", failed.cost().toString());
    return trouble;
  }
}
