package dev.capstan.llm.provider.langchain4j;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.wire.StatusKinds;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import org.jspecify.annotations.Nullable;

/** What LangChain4j's exceptions mean. */
final class Failures {
  private Failures() {}

  /**
   * The detail names the exception only: its message may hold the conversation, or a key that this
   * room does not know and so could not strike out.
   */
  static Fault told(Throwable failure, @Nullable Answer partial) {
    HttpException http = http(failure);
    return new Fault(
        kind(failure, http),
        http == null ? 0 : http.statusCode(),
        failure.getClass().getSimpleName(),
        "the model threw " + failure.getClass().getSimpleName(),
        null,
        partial);
  }

  private static FaultKind kind(Throwable failure, @Nullable HttpException http) {
    return switch (failure) {
      case RateLimitException limited -> FaultKind.RATE_LIMITED;
      case AuthenticationException unknown -> FaultKind.AUTHENTICATION;
      case ModelNotFoundException absent -> FaultKind.NO_SUCH_MODEL;
      case ContentFilteredException filtered -> FaultKind.CONTENT_REFUSED;
      case InvalidRequestException wrong -> FaultKind.CALLERS_MISTAKE;
      case UnsupportedFeatureException wanting -> FaultKind.NO_SUCH_MODEL;
      case dev.langchain4j.exception.TimeoutException late -> FaultKind.TIMED_OUT;
      case InternalServerException broken -> FaultKind.SERVER_ERROR;
      case UnresolvedModelServerException away -> FaultKind.UNREACHABLE;
      default -> http == null ? FaultKind.CONNECTION_BROKEN : StatusKinds.of(http.statusCode());
    };
  }

  private static @Nullable HttpException http(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpException http) {
        return http;
      }
    }
    return null;
  }
}
