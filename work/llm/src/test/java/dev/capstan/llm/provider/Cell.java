package dev.capstan.llm.provider;

import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Mishap.Garble;
import dev.capstan.twin.Mishap.How;
import dev.capstan.twin.Mishap.Where;
import dev.capstan.twin.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One case of the matrix: a fault, at a vendor, with or without streaming.
 *
 * @param kinds what it may be told as; one kind, unless the network decides
 * @param part whether a part of the answer must be there
 * @param exact whether the twin's bill is known to hold nothing that was not received
 */
record Cell(
    Vendor vendor,
    boolean stream,
    String name,
    Scene scene,
    Set<FaultKind> kinds,
    Part part,
    boolean exact) {

  enum Part {
    NONE,
    SOME,
    /** The network decides. */
    EITHER
  }

  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    for (Vendor vendor : Vendor.values()) {
      for (boolean stream : List.of(false, true)) {
        denials(cells, vendor, stream);
        statuses(cells, vendor, stream);
        for (boolean tools : List.of(false, true)) {
          breaks(cells, vendor, stream, tools);
          garbles(cells, vendor, stream, tools);
        }
      }
    }
    return cells;
  }

  private static void denials(List<Cell> cells, Vendor vendor, boolean stream) {
    for (Denial denial : Denial.values()) {
      Scene scene = Scene.of(Mishap.denies(denial));
      FaultKind kind = meant(vendor, denial);
      cells.add(new Cell(vendor, stream, "denies " + denial, scene, Set.of(kind), Part.NONE, true));
    }
  }

  /** What a person who has read the vendors' pages would say. */
  private static FaultKind meant(Vendor vendor, Denial denial) {
    boolean gemini = vendor == Vendor.GEMINI;
    return switch (denial) {
      case RATE_LIMIT, TOKEN_RATE_LIMIT, SLOW_DOWN -> FaultKind.RATE_LIMITED;
      case DAILY_QUOTA -> gemini ? FaultKind.BILLING : FaultKind.RATE_LIMITED;
      case NO_QUOTA, NO_CREDIT, SPEND_LIMIT, PAYMENT_REQUIRED -> FaultKind.BILLING;
      case BAD_KEY, NO_PERMISSION -> FaultKind.AUTHENTICATION;
      case UNKNOWN_MODEL -> FaultKind.NO_SUCH_MODEL;
      case TOO_LONG, TOO_LARGE -> FaultKind.TOO_LONG;
      case BAD_REQUEST, UNPROCESSABLE -> FaultKind.CALLERS_MISTAKE;
      case CONTENT_FILTER -> FaultKind.CONTENT_REFUSED;
      case REQUEST_TIMEOUT, GATEWAY_TIMEOUT -> FaultKind.TIMED_OUT;
      case CONFLICT, SERVER_ERROR, BAD_GATEWAY -> FaultKind.SERVER_ERROR;
      case UNAVAILABLE, OVERLOADED -> FaultKind.OVERLOADED;
    };
  }

  /** Bare statuses, as proxies in between send them. */
  private static void statuses(List<Cell> cells, Vendor vendor, boolean stream) {
    Map<Integer, FaultKind> meant =
        Map.ofEntries(
            Map.entry(301, FaultKind.MALFORMED),
            Map.entry(400, FaultKind.CALLERS_MISTAKE),
            Map.entry(401, FaultKind.AUTHENTICATION),
            Map.entry(402, FaultKind.BILLING),
            Map.entry(403, FaultKind.AUTHENTICATION),
            Map.entry(404, FaultKind.NO_SUCH_MODEL),
            Map.entry(408, FaultKind.TIMED_OUT),
            Map.entry(413, FaultKind.TOO_LONG),
            Map.entry(418, FaultKind.CALLERS_MISTAKE),
            Map.entry(422, FaultKind.CALLERS_MISTAKE),
            Map.entry(429, FaultKind.RATE_LIMITED),
            Map.entry(500, FaultKind.SERVER_ERROR),
            Map.entry(502, FaultKind.SERVER_ERROR),
            Map.entry(503, FaultKind.OVERLOADED),
            Map.entry(504, FaultKind.TIMED_OUT),
            Map.entry(520, FaultKind.SERVER_ERROR),
            Map.entry(529, FaultKind.OVERLOADED));
    meant.forEach((status, kind) -> {
      Mishap bare = new Mishap.Answers(status, Map.of(), "text/plain", "");
      cells.add(
          new Cell(
              vendor, stream, "status " + status, Scene.of(bare), Set.of(kind), Part.NONE, true));
    });
  }

  private static Scene scene(boolean tools, Mishap mishap) {
    return tools
        ? Scene.says("")
            .wants("weather", "{\"city\":\"Oslo\"}")
            .wants("weather", "{\"a\":1}")
            .but(mishap)
        : Scene.of(mishap);
  }

  private static void breaks(List<Cell> cells, Vendor vendor, boolean stream, boolean tools) {
    for (Where where : Where.values()) {
      for (How how : How.values()) {
        boolean late = where == Where.MIDWAY || where == Where.BEFORE_THE_END;
        // A reset may throw away on its way what was sent before it.
        Part heard = how == How.RESET ? Part.EITHER : Part.SOME;
        Part part = stream && late ? heard : Part.NONE;
        FaultKind kind = how == How.STALL ? FaultKind.TIMED_OUT : FaultKind.CONNECTION_BROKEN;
        cells.add(
            new Cell(
                vendor,
                stream,
                "%s %s%s".formatted(how, where, tools ? " with tools" : ""),
                scene(tools, Mishap.breaks(where, how)),
                Set.of(kind),
                part,
                how != How.RESET));
      }
    }
  }

  private static void garbles(List<Cell> cells, Vendor vendor, boolean stream, boolean tools) {
    for (Garble garble : Garble.values()) {
      boolean onlyOfStreams = garble == Garble.NEVER_ENDING || garble == Garble.UNFINISHED;
      if (onlyOfStreams && !stream) {
        continue;
      }
      boolean replaces = garble == Garble.WRONG_CONTENT_TYPE || garble == Garble.EMPTY_BODY;
      Set<FaultKind> kinds =
          switch (garble) {
            case NEVER_ENDING -> Set.of(FaultKind.TIMED_OUT);
            case UNFINISHED -> Set.of(FaultKind.CONNECTION_BROKEN);
            case EMPTY_BODY -> Set.of(stream ? FaultKind.CONNECTION_BROKEN : FaultKind.MALFORMED);
            case ERROR_EVENT ->
                Set.of(
                    vendor == Vendor.MESSAGES || vendor == Vendor.GEMINI
                        ? FaultKind.OVERLOADED
                        : FaultKind.SERVER_ERROR);
            default -> Set.of(FaultKind.MALFORMED);
          };
      cells.add(
          new Cell(
              vendor,
              stream,
              garble + (tools ? " with tools" : ""),
              scene(tools, Mishap.garbles(garble)),
              kinds,
              stream && !replaces ? Part.SOME : Part.NONE,
              garble != Garble.NEVER_ENDING));
    }
  }

  /** Whether it ends by our patience, which a test keeps short. */
  boolean stalls() {
    return scene.mishap() instanceof Mishap.Breaks(var where, var how) && how == How.STALL;
  }

  boolean isEndless() {
    return scene.mishap() instanceof Mishap.Garbles(var garble) && garble == Garble.NEVER_ENDING;
  }

  @Override
  public String toString() {
    return vendor + (stream ? " stream " : " whole ") + name;
  }
}
