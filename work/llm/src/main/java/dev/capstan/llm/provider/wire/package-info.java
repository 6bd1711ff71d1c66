/**
 * What all vendors' protocols share: one HTTP client, answers read under bounds and deadlines,
 * server-sent events, drafts of answers, and faults told in one vocabulary.
 */
@NullMarked
package dev.capstan.llm.provider.wire;

import org.jspecify.annotations.NullMarked;
