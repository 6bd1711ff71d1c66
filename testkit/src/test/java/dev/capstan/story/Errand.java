package dev.capstan.story;

import dev.capstan.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of runs that a soak asks for, and how each ends. */
enum Errand {
  PROMPT("completed", "add 2 and 3, multiply 10 by 5, then add both results to my todos"),
  DAG(
      "completed",
      """
      name: dag
      steps:
        - {id: a, tool: calculator, input: {expression: 1 + 1}}
        - {id: b, tool: calculator, input: {expression: 2 + 2}}
        - {id: c, tool: calculator, input: {expression: 3 + 3}}
        - {id: join, tool: echo, input: {all: ["${steps.a.output.text}", "${steps.b.output.text}", "${steps.c.output.text}"]}}
      """),
  ONCE(
      "completed",
      """
      name: once
      inputs:
        client: {type: string, required: true}
        url: {type: string, required: true}
      steps:
        - id: call
          tool: http
          input: {method: POST, url: "${inputs.url}", body: {client: "${inputs.client}"}}
        - {id: after, tool: echo, input: {status: "${steps.call.output.status}"}}
      """),
  NAP(
      "completed",
      """
      name: nap
      steps:
        - {id: rest, wait: 2s}
        - {id: work, tool: wait, input: {seconds: 1}, depends_on: [rest]}
      """),
  APPROVAL(
      "completed",
      """
      name: approval
      steps:
        - {id: ask, approval: "Go on?"}
        - {id: go, tool: echo, input: {text: went on}, depends_on: [ask]}
      """),
  FOREACH(
      "completed",
      """
      name: map
      inputs:
        numbers: {type: array, default: [1, 2, 3, 4, 5, 6, 7, 8]}
      steps:
        - id: square
          foreach: {items: "${inputs.numbers}", max_concurrency: 3}
          tool: calculator
          input: {expression: "${item} ^ 2"}
      """),
  SAGA(
      "failed",
      """
      name: saga
      steps:
        - id: book
          tool: todo
          input: {action: add, text: booked}
          compensate: {tool: todo, input: {action: delete, id: "${steps.book.output.todo.id}"}}
        - {id: pay, tool: calculator, input: {expression: 1 / 0}, depends_on: [book]}
      """);

  private final String end;
  private final String text;

  Errand(String end, String text) {
    this.end = end;
    this.text = text;
  }

  /** The status that every run of this kind comes to. */
  String end() {
    return end;
  }

  static Errand of(long number) {
    return values()[(int) (number % values().length)];
  }

  /**
   * What {@code POST /runs} takes.
   *
   * @param url whom a {@code once} step calls
   * @param client whom it says it calls for
   */
  String body(String url, String client) {
    ObjectNode body = Json.object();
    if (this == PROMPT) {
      return Json.write(body.put("prompt", text));
    }
    body.put("plan", text);
    if (this == ONCE) {
      body.putObject("inputs").put("client", client).put("url", url);
    }
    return Json.write(body);
  }
}
