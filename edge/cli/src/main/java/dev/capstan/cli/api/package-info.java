/** The server's HTTP API as the command line uses it. */
@NullMarked
package dev.capstan.cli.api;

import org.jspecify.annotations.NullMarked;
