/** What people write about providers, models, limits and budgets, and what becomes of it. */
@NullMarked
package dev.capstan.llm.config;

import org.jspecify.annotations.NullMarked;
