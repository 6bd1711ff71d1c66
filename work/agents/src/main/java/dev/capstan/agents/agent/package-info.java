/** Agents: a model in a role that works on a task with tools, turn by turn, each turn kept. */
@NullMarked
package dev.capstan.agents.agent;

import org.jspecify.annotations.NullMarked;
