package dev.capstan.cli.verb;

import picocli.CommandLine.Option;

/** What every verb can be asked for. */
final class Manner {
  @Option(
      names = "--json",
      description = "Print JSON: one document, or one line per event where they stream.")
  boolean json;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "The server's address. Default: CAPSTAN_URL, else where the local one said that it is.")
  String url = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this.")
  boolean help;
}
