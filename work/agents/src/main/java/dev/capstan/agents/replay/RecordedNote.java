package dev.capstan.agents.replay;

import tools.jackson.databind.JsonNode;

/**
 * Something that an agent kept and that follows from neither answers nor results, such as what came
 * to its mind: it is given to it again as it was.
 *
 * @param step where, as in {@link RecordedAnswer}
 * @param key the checkpoint's
 */
public record RecordedNote(String step, String key, JsonNode value) {}
