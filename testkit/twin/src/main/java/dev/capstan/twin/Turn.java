package dev.capstan.twin;

import java.util.ArrayList;
import java.util.List;

/**
 * One answer, computed: the scene's words within the caller's bound, and what they cost.
 *
 * @param id a number of its own
 * @param created seconds since 1970
 */
record Turn(
    Ask ask,
    Scene scene,
    String text,
    List<Scene.Wish> wishes,
    Finish finish,
    int input,
    int output,
    long id,
    long created) {
  enum Finish {
    STOP,
    LENGTH,
    TOOLS,
    FILTERED
  }

  static Turn of(Ask ask, Scene scene, long id, long created) {
    Scene.Count count = scene.count();
    int input = count.input() == null ? Tokens.ofRequest(ask.body()) : count.input();
    int hidden = count.reasoning() + Tokens.of(scene.thinking());
    int spoken = Tokens.of(scene.text());
    int wished = scene.wishes().stream().mapToInt(Turn::tokens).sum();
    Integer bound = count.obeysMaxTokens() ? ask.maxTokens() : null;
    if (bound != null && hidden + spoken + wished > bound) {
      String text = Tokens.first(scene.text(), Math.max(0, bound - hidden));
      return new Turn(ask, scene, text, List.of(), Finish.LENGTH, input, bound, id, created);
    }
    Finish finish =
        scene.filtered() ? Finish.FILTERED : scene.wishes().isEmpty() ? Finish.STOP : Finish.TOOLS;
    int output = count.output() == null ? hidden + spoken + wished : count.output();
    return new Turn(ask, scene, scene.text(), scene.wishes(), finish, input, output, id, created);
  }

  static int tokens(Scene.Wish wish) {
    return Tokens.of(wish.tool()) + Tokens.of(wish.arguments());
  }

  Bill.Line whole() {
    return new Bill.Line(
        1, input, scene.count().cached(), scene.count().written(), output, reasoning());
  }

  /** What is billed when so many of the answer's visible tokens were sent. */
  Bill.Line upTo(int sent) {
    int so = Math.min(output, hidden() + sent);
    return new Bill.Line(
        1, input, scene.count().cached(), scene.count().written(), so, reasoning());
  }

  int reasoning() {
    return Math.min(output, hidden());
  }

  private int hidden() {
    return scene.count().reasoning() + Tokens.of(scene.thinking());
  }

  List<String> pieces(String words) {
    return Tokens.pieces(words, scene.pace().tokensPerPiece());
  }

  boolean reportsUsage() {
    return scene.count().reported();
  }

  /** A name of the vendor's kind for the i-th thing of this answer. */
  String name(String prefix, int i) {
    return prefix + "twin" + Long.toString(id, 36) + (i == 0 ? "" : "x" + i);
  }

  /** The tool requests' names, in order. */
  List<String> callIds(String prefix) {
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= wishes.size(); i++) {
      ids.add(name(prefix, i));
    }
    return ids;
  }
}
