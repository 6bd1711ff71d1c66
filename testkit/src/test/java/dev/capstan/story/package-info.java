/** The product as its first user meets it: a real server process, the real command line. */
@NullMarked
package dev.capstan.story;

import org.jspecify.annotations.NullMarked;
