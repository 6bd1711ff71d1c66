/** HTTP as Capstan speaks it: routes, bodies, answers, problems and the guard of the local door. */
@NullMarked
package dev.capstan.server.http;

import org.jspecify.annotations.NullMarked;
