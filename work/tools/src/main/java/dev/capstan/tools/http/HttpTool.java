package dev.capstan.tools.http;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import tools.jackson.databind.JsonNode;

/** Asks a server, follows its redirects, and returns what it answered. */
final class HttpTool implements Tool {
  private static final int MOST_REDIRECTS = 5;

  private final ToolSpec spec;
  private final HttpRules rules;
  private final Supplier<Transport> transport;
  private final ScheduledExecutorService alarms;

  HttpTool(
      ToolSpec spec,
      HttpRules rules,
      Supplier<Transport> transport,
      ScheduledExecutorService alarms) {
    this.spec = spec;
    this.rules = rules;
    this.transport = transport;
    this.alarms = alarms;
  }

  @Override
  public ToolSpec spec() {
    return spec;
  }

  @Override
  public Outcome call(ToolCall call) throws InterruptedException {
    JsonNode input = call.input();
    Ask ask = Ask.of(input, input.path("method").asString("GET"), call.idempotencyKey(), rules);
    try (TimeLimit limit = new TimeLimit(alarms, longest(input))) {
      try {
        return followed(ask, limit, input.path("fail_on_error").asBoolean(true));
      } catch (IOException broken) {
        // On a virtual thread an interrupt closes the socket and leaves its flag.
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while asking " + ask.url().getHost());
        }
        return broken(ask, broken, limit);
      }
    }
  }

  private Duration longest(JsonNode input) {
    long millis = input.path("timeout_seconds").asLong(Long.MAX_VALUE / 1_000) * 1_000;
    return Duration.ofMillis(Math.min(millis, rules.longest().toMillis()));
  }

  private Outcome followed(Ask first, TimeLimit limit, boolean failOnError) throws IOException {
    Ask ask = first;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      Answer answer;
      try {
        answer = transport.get().send(ask, limit);
      } catch (Refusal refused) {
        return new Outcome.Failed(refused.problem(), false);
      }
      if (!answer.isRedirect()) {
        return failOnError && answer.status() >= 400
            ? failed(ask, answer)
            : Outcome.completed(answer.output(ask.url().toString()));
      }
      String location = answer.headers().getOrDefault("location", "");
      try {
        ask = ask.redirected(answer.status(), location, rules);
      } catch (Refusal refused) {
        return new Outcome.Failed(refused.problem(), false);
      }
    }
    return new Outcome.Failed(
        Problem.of(ProblemCode.LIMIT_REACHED, "more than " + MOST_REDIRECTS + " redirects"), false);
  }

  /**
   * Whether an error may pass: too much at once always, a server's own only if asking again is
   * safe.
   */
  private Outcome failed(Ask ask, Answer answer) {
    boolean again =
        answer.status() == 429 || (answer.status() >= 500 && spec.effect() != Effect.ONCE);
    String detail = ask.url().getHost() + " answered " + answer.status() + ": " + answer.excerpt();
    return new Outcome.Failed(Problem.of(ProblemCode.TOOL_FAILED, detail), again);
  }

  private Outcome broken(Ask ask, IOException broken, TimeLimit limit) {
    boolean unsent =
        broken instanceof ConnectException
            || broken instanceof UnknownHostException
            || broken instanceof ConnectTimeoutException
            || broken instanceof ConnectionRequestTimeoutException;
    String host = ask.url().getHost();
    // Certificates come before the request: it was not sent, and asking again would not help.
    if (broken instanceof SSLHandshakeException || broken instanceof SSLPeerUnverifiedException) {
      String detail = "no safe connection to " + host + ": " + broken.getMessage();
      return new Outcome.Failed(Problem.of(ProblemCode.TOOL_FAILED, detail), false);
    }
    if (spec.effect() == Effect.ONCE && !unsent) {
      return Outcome.failed(
          ProblemCode.OUTCOME_UNKNOWN,
          "the connection to " + host + " broke before it answered; whether it acted is unknown");
    }
    if (limit.hasPassed() || broken instanceof java.net.SocketTimeoutException) {
      return Outcome.failed(ProblemCode.TIMED_OUT, host + " did not answer in time");
    }
    return Outcome.failed(
        ProblemCode.TOOL_FAILED,
        (unsent ? "could not reach " : "lost the connection to ")
            + host
            + ": "
            + broken.getMessage());
  }
}
