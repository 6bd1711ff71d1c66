package dev.capstan.twin;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What models from Gemini 3 on sign, and want to see again until their turn is over. */
final class Signatures {
  private static final String SEAL = "sealed by the twin: ";
  private static final Set<String> UNCHECKED =
      Set.of("skip_thought_signature_validator", "context_engineering_is_the_way_to_go");

  private Signatures() {}

  static boolean wantedBy(String model) {
    return model.startsWith("gemini-3");
  }

  static String of(String thought) {
    return Base64.getEncoder().encodeToString((SEAL + thought).getBytes(StandardCharsets.UTF_8));
  }

  /** Signatures are looked at in the turn that goes on: after what the user said last. */
  static void check(Checks checks, JsonNode contents) {
    int begin = 0;
    for (int i = 0; i < contents.size(); i++) {
      boolean said = !contents.get(i).path("role").asString("user").equals("model");
      begin = said && has(contents.get(i), "text") ? i : begin;
    }
    Set<String> numbered = new HashSet<>();
    for (int i = 0; i < contents.size(); i++) {
      boolean first = true;
      for (JsonNode part : contents.get(i).path("parts")) {
        JsonNode call = part.path("functionCall");
        if (call.isObject()) {
          checks.that(!first || i < begin || isSigned(part), missing(call, i));
          if (first) {
            numbered.clear();
          }
          first = false;
          numbered.add(call.path("id").asString(""));
        }
        String answered = part.path("functionResponse").path("id").asString("");
        checks.that(
            answered.isEmpty() || numbered.contains(answered),
            "function_response.id matches no function call: " + answered);
      }
    }
  }

  private static boolean has(JsonNode content, String kind) {
    for (JsonNode part : content.path("parts")) {
      if (part.has(kind)) {
        return true;
      }
    }
    return false;
  }

  private static String missing(JsonNode call, int position) {
    return "Function call is missing a thought_signature in functionCall parts. This is required"
        + " for tools to work correctly, and missing thought_signature may lead to degraded model"
        + " performance. Additional data, function call `default_api:"
        + call.path("name").asString("")
        + "` , position "
        + position
        + ". Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more"
        + " details.";
  }

  private static boolean isSigned(JsonNode part) {
    String signature = part.path("thoughtSignature").asString("");
    if (UNCHECKED.contains(signature)) {
      return true;
    }
    try {
      byte[] sealed = Base64.getDecoder().decode(signature);
      return new String(sealed, StandardCharsets.UTF_8).startsWith(SEAL);
    } catch (IllegalArgumentException noSignature) {
      return false;
    }
  }
}
