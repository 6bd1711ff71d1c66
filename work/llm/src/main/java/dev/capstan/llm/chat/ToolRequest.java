package dev.capstan.llm.chat;

/**
 * The model's wish that a tool be called.
 *
 * @param id names it within the conversation; made by us where the vendor gives none
 * @param arguments JSON as the model wrote it, which may be wrong in every way
 */
public record ToolRequest(String id, String tool, String arguments) {}
