package dev.capstan.server;

import dev.capstan.server.cases.CaseDesk;
import dev.capstan.server.house.HouseDesk;
import dev.capstan.server.house.OpenApi;
import dev.capstan.server.http.Routes;
import dev.capstan.server.live.SseDesk;
import dev.capstan.server.live.WebSocketDesk;
import dev.capstan.server.memory.MemoryDesk;
import dev.capstan.server.openai.ChatDesk;
import dev.capstan.server.openai.CostDesk;
import dev.capstan.server.openai.ModelDesk;
import dev.capstan.server.plans.EstimateDesk;
import dev.capstan.server.plans.PlanDesk;
import dev.capstan.server.plans.ToolDesk;
import dev.capstan.server.rehearsal.ReplayDesk;
import dev.capstan.server.runs.Commands;
import dev.capstan.server.runs.EventQueries;
import dev.capstan.server.runs.Moving;
import dev.capstan.server.runs.RunLists;
import dev.capstan.server.runs.RunQueries;
import dev.capstan.server.runs.Submissions;

/** Every address that the server answers, in one table. */
final class Api {
  /** Who answers. */
  record Desks(
      Submissions submissions,
      RunQueries runs,
      ReplayDesk replays,
      CaseDesk cases,
      RunLists lists,
      Commands commands,
      Moving moving,
      EventQueries events,
      SseDesk sse,
      WebSocketDesk sockets,
      PlanDesk plans,
      EstimateDesk estimates,
      ToolDesk tools,
      ChatDesk chat,
      ModelDesk models,
      CostDesk costs,
      MemoryDesk memory,
      HouseDesk house) {}

  private Api() {}

  static Routes routes(Desks desks) {
    Routes routes = new Routes();
    runs(routes, desks);
    commands(routes, desks.commands());
    memory(routes, desks.memory());
    return routes
        .add("POST", "/plans/check", desks.plans()::check)
        .add("POST", "/plans/draw", desks.plans()::draw)
        .add("POST", "/plans/from-prompt", desks.plans()::fromPrompt)
        .add("POST", "/estimates", desks.estimates()::estimate)
        .add("GET", "/plans/schema", desks.plans()::schema)
        .add("GET", "/crews/schema", desks.plans()::crewSchema)
        .add("GET", "/tools", desks.tools()::list)
        .add("GET", "/tools/{name}", desks.tools()::show)
        .add("POST", "/v1/chat/completions", desks.chat()::complete)
        .add("GET", "/costs", desks.costs()::sums)
        .add("GET", "/v1/models", desks.models()::list)
        .add("GET", "/v1/models/{id}", desks.models()::show)
        .otherwise("v1", desks.models()::stray)
        .add("GET", "/events", desks.events()::recent)
        .add("GET", "/health", desks.house()::health)
        .add("GET", "/status", desks.house()::status)
        .add("GET", "/metrics", desks.house()::metrics)
        .add("POST", "/verify", desks.house()::verify)
        .add("GET", "/openapi.json", new OpenApi()::show);
  }

  private static void runs(Routes routes, Desks desks) {
    routes
        .add("POST", "/runs", desks.submissions()::submit)
        .add("GET", "/runs", desks.lists()::list)
        .add("POST", "/runs/import", desks.moving()::take)
        .add("GET", "/runs/{id}", desks.runs()::show)
        .add("GET", "/runs/{id}/events", desks.sse()::events)
        .add("GET", "/runs/{id}/ws", desks.sockets()::open)
        .add("GET", "/ws/executions/{id}", desks.sockets()::open)
        .add("GET", "/runs/{id}/graph", desks.runs()::graph)
        .add("GET", "/runs/{id}/why", desks.runs()::why)
        .add("GET", "/runs/{id}/export", desks.moving()::export)
        .add("GET", "/runs/{id}/case", desks.cases()::record)
        .add("POST", "/runs/{id}/replay", desks.replays()::replay);
  }

  private static void memory(Routes routes, MemoryDesk memory) {
    routes
        .add("GET", "/memory", memory::groups)
        .add("GET", "/memory/{group}", memory::show)
        .add("DELETE", "/memory/{group}", memory::forget)
        .add("DELETE", "/memory/{group}/{id}", memory::forgetOne);
  }

  private static void commands(Routes routes, Commands commands) {
    routes
        .add("POST", "/runs/{id}/cancel", commands::cancel)
        .add("POST", "/runs/{id}/pause", commands::pause)
        .add("POST", "/runs/{id}/resume", commands::resume)
        .add("POST", "/runs/{id}/approve", commands::approve)
        .add("POST", "/runs/{id}/signal", commands::signal)
        .add("POST", "/runs/{id}/resolve", commands::resolve)
        .add("POST", "/runs/{id}/fork", commands::fork);
  }
}
