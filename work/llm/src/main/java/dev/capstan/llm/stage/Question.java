package dev.capstan.llm.stage;

import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience;
import dev.capstan.llm.chat.DeltaSink;

/**
 * A call on its way through the gateway.
 *
 * @param number of the call in this process, from which its dice roll
 */
record Question(
    ModelCall call, Route route, DeltaSink sink, Patience.WaitListener listener, long number) {}
