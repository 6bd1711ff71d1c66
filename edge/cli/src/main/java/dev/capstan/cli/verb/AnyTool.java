package dev.capstan.cli.verb;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.plan.ToolSpec;
import java.util.List;
import java.util.Optional;

/** The tools of a server that cannot be asked: any name may be one, and it may take anything. */
enum AnyTool implements ToolCatalog {
  CATALOG;

  @Override
  public Optional<ToolSpec> spec(String name) {
    return Optional.of(new ToolSpec(name, "", Json.object(), Json.object(), Effect.ONCE));
  }

  @Override
  public List<ToolSpec> specs() {
    return List.of();
  }
}
