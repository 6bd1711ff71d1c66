/** What people write in YAML or JSON, read so that every mistake is told with its place. */
@NullMarked
package dev.capstan.kernel.document;

import org.jspecify.annotations.NullMarked;
