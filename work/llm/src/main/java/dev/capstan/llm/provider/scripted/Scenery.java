package dev.capstan.llm.provider.scripted;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Part;
import dev.capstan.llm.provider.ProviderCall;
import java.util.Locale;

/**
 * What of a conversation the rules look at.
 *
 * @param lastUserText what a person said last
 * @param turn how often the model has spoken, plus one
 * @param lastTool whose result is the last message; empty when it is none
 * @param lastResult that result
 * @param characters how long everything is together
 */
record Scenery(
    String model,
    String lastUserText,
    int turn,
    String instructions,
    String lastTool,
    String lastResult,
    long characters) {

  static Scenery of(ProviderCall call) {
    StringBuilder instructions = new StringBuilder();
    String user = "";
    String tool = "";
    String result = "";
    int turn = 1;
    long characters = 0;
    for (Message message : call.messages()) {
      tool = "";
      switch (message) {
        case Message.Instructions(var text) -> {
          instructions.append(text).append('\n');
          characters += text.length();
        }
        case Message.User said -> {
          user = words(said);
          characters += user.length();
        }
        case Message.Assistant said -> {
          turn++;
          characters += said.text().length();
        }
        case Message.ToolResult answered -> {
          tool = answered.tool();
          result = answered.content();
          characters += result.length();
        }
      }
    }
    return new Scenery(call.model(), user, turn, instructions.toString(), tool, result, characters);
  }

  private static String words(Message.User said) {
    StringBuilder words = new StringBuilder();
    for (Part part : said.parts()) {
      if (part instanceof Part.Text(var text)) {
        words.append(words.isEmpty() ? "" : "\n").append(text);
      }
    }
    return words.toString();
  }

  boolean saysToLastUser(String text) {
    return text.isEmpty()
        || lastUserText.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
  }
}
