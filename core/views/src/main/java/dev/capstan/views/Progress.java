package dev.capstan.views;

import dev.capstan.journal.StepRef;
import tools.jackson.databind.JsonNode;

/** How far a step under way is, in its tool's own words. Live only: no journal keeps it. */
public record Progress(StepRef step, JsonNode progress) {}
