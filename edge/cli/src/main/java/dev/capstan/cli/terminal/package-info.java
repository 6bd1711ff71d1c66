/** What a terminal can show: safe text, widths, colour, tables, lines that are drawn again. */
@NullMarked
package dev.capstan.cli.terminal;

import org.jspecify.annotations.NullMarked;
