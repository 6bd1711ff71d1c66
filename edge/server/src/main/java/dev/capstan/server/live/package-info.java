/** Live streams of events: SSE and WebSocket over the same pull. */
@NullMarked
package dev.capstan.server.live;

import org.jspecify.annotations.NullMarked;
