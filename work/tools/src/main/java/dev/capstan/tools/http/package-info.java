/** HTTP for steps: only where the operator allows, and never somewhere else by a detour. */
@NullMarked
package dev.capstan.tools.http;

import org.jspecify.annotations.NullMarked;
