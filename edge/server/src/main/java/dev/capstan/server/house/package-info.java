/**
 * The endpoints of the server itself: health, status, metrics, verification, its own description.
 */
@NullMarked
package dev.capstan.server.house;

import org.jspecify.annotations.NullMarked;
