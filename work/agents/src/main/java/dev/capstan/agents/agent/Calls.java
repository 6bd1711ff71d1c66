package dev.capstan.agents.agent;

import dev.capstan.llm.chat.ToolRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one agent in the order in which it wished them, each by a name of its own.
 *
 * <p>Vendors' ids need not be such names: one numbers calls by what it is shown and begins anew
 * once notes stand for the rest, one begins anew with every answer, one gives no ids at all. A
 * call's name is its id where that can be one and no call before it had it, as it mostly is;
 * otherwise the name tells the call's place. Idempotency keys and recordings go by names.
 */
public final class Calls {
  private static final int LONGEST_NAME = 100;

  /** Gateways in front of vendors hide whole signatures in ids, and want them back. */
  private static final int LONGEST_ID = 16 * 1024;

  private static final String NAMELESS = "call";

  /** Any header takes it; what is kept under a step's key has a slash behind its first word. */
  private static final Pattern PLAIN = Pattern.compile("[!-.0-~]{1," + LONGEST_NAME + "}");

  private static final Pattern PRINTED = Pattern.compile("[ -~]+");
  private static final Pattern PLACED = Pattern.compile("(.*)_t\\d+_\\d+", Pattern.DOTALL);

  /** The engine's own key of what takes a step back ends with it. */
  private static final String UNDO = "undo";

  private final Set<String> names = new HashSet<>();
  private List<Call> open = List.of();
  private @Nullable Call last;
  private int turns;

  /** An answer came, whose calls have the names that they would be given now. */
  public void said(List<ToolRequest> requests) {
    said(requests, names(requests));
  }

  /** An answer came, whose calls had these names when it did. */
  void said(List<ToolRequest> requests, List<String> known) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      calls.add(new Call(requests.get(i), known.get(i)));
    }
    turns++;
    names.addAll(known);
    open = calls;
    last = calls.isEmpty() ? null : calls.getLast();
  }

  /** The first open call of this id has come to its result. */
  public Optional<Call> answered(String id) {
    Optional<Call> call = openBy(id);
    call.ifPresent(open::remove);
    return call;
  }

  /** The first open call of this id, which has come to no result. */
  public Optional<Call> openBy(String id) {
    return open.stream().filter(call -> call.request().id().equals(id)).findFirst();
  }

  /** The last answer's calls that have come to no result. */
  List<Call> open() {
    return List.copyOf(open);
  }

  /** Whether it is the last answer's, and no other behind it. */
  boolean isLast(Call call) {
    return call.equals(last);
  }

  /** The names of these, if they are the next answer's. */
  List<String> names(List<ToolRequest> requests) {
    List<String> given = new ArrayList<>();
    for (ToolRequest request : requests) {
      given.add(name(request.id(), given));
    }
    return given;
  }

  /**
   * The names that a house gave which took ids for names, and kept no others: what it was about to
   * do when it died is to be done under the same key.
   */
  List<String> namesAsIds(List<ToolRequest> requests) {
    List<String> given = new ArrayList<>();
    for (ToolRequest request : requests) {
      String id = request.id();
      given.add(isTaken(id, given) ? name(id, given) : id);
    }
    return given;
  }

  /**
   * The requests of the next answer by ids that tell them apart from each other and from these, so
   * that vendors can be told what came of which.
   *
   * @param shown ids that a vendor is shown with them
   */
  List<ToolRequest> distinct(List<ToolRequest> requests, Set<String> shown) {
    List<String> known = names(requests);
    Set<String> taken = new HashSet<>(shown);
    List<ToolRequest> told = new ArrayList<>();
    for (ToolRequest request : requests) {
      String name = known.get(told.size());
      String id = canBeTold(request.id(), name) && taken.add(request.id()) ? request.id() : name;
      told.add(new ToolRequest(id, request.tool(), request.arguments()));
    }
    return told;
  }

  /** What looks like the name of a call at some place is told of none but that. */
  private static boolean canBeTold(String id, String name) {
    return id.equals(name)
        || (id.length() <= LONGEST_ID
            && PRINTED.matcher(id).matches()
            && !PLACED.matcher(id).matches());
  }

  /**
   * @param given the names of those before it in its answer
   */
  private String name(String id, List<String> given) {
    String place = "_t" + (turns + 1) + "_" + (given.size() + 1);
    boolean isOwnPlace =
        id.endsWith(place) && canBeName(id.substring(0, id.length() - place.length()));
    if (isOwnPlace) {
      return id;
    }
    if (!canBeName(id)) {
      return NAMELESS + place;
    }
    return isTaken(id, given) || PLACED.matcher(id).matches() ? id + place : id;
  }

  private boolean isTaken(String id, List<String> given) {
    return names.contains(id) || given.contains(id);
  }

  /** Whether an id can be the name of its call. */
  public static boolean canBeName(String id) {
    return PLAIN.matcher(id).matches() && !id.equals(UNDO);
  }

  /**
   * The id of the call by this name, as far as that tells it: a name of a place ends with the
   * place, after an id that another call had before. The name itself otherwise.
   */
  public static String idOf(String name) {
    Matcher placed = PLACED.matcher(name);
    return placed.matches() ? placed.group(1) : name;
  }

  /** Whether the name tells nothing but the call's place, for its id could not be one. */
  public static boolean isNameless(String name) {
    return idOf(name).equals(NAMELESS) && !name.equals(NAMELESS);
  }
}
