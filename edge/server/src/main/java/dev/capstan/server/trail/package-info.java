/** What the server tells of its work to those who watch it: a log in JSON, and traces by OTLP. */
@NullMarked
package dev.capstan.server.trail;

import org.jspecify.annotations.NullMarked;
