package dev.capstan.llm.chat;

/**
 * A model's whole answer.
 *
 * @param id the vendor's name for it, empty where there is none
 * @param model who answered, by the vendor's name, which may be more exact than the one asked for
 */
public record Answer(
    String id, String model, Message.Assistant message, FinishReason finish, Usage usage) {
  /** The same with what it used told by somebody else. */
  public Answer withUsage(Usage told) {
    return new Answer(id, model, message, finish, told);
  }
}
