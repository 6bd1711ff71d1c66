/** The vendors' own clients converse with the twin. */
package dev.capstan.twin;
