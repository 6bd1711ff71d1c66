/** Who may do what, and how much. */
@NullMarked
package dev.capstan.tenancy;

import org.jspecify.annotations.NullMarked;
