/** What a person may set: read once, checked whole. */
@NullMarked
package dev.capstan.server.settings;

import org.jspecify.annotations.NullMarked;
