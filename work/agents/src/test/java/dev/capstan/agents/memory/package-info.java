/** What every memory must hold to; its contract travels to the rooms that implement it. */
package dev.capstan.agents.memory;
