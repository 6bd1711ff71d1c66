/**
 * What a server is put through once when it is built, so that the JVM knows the way: it writes down
 * which classes were loaded and which methods were worth compiling.
 */
@NullMarked
package dev.capstan.server.drill;

import org.jspecify.annotations.NullMarked;
