package dev.capstan.server.http;

import java.io.IOException;

/**
 * Answers one kind of request. An expected refusal is thrown as a {@link
 * dev.capstan.kernel.Refusal}.
 */
@FunctionalInterface
public interface Endpoint {
  Answer answer(Exchange exchange) throws IOException, InterruptedException;
}
