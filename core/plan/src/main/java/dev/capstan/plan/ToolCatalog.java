package dev.capstan.plan;

import java.util.List;
import java.util.Optional;

/** The tools that a plan may name. */
public interface ToolCatalog {
  Optional<ToolSpec> spec(String name);

  /** All of them, by name. */
  List<ToolSpec> specs();
}
