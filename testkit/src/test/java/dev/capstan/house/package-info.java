/** The rules of the house, as tests over its class files, sources and pages. */
@NullMarked
package dev.capstan.house;

import org.jspecify.annotations.NullMarked;
