package dev.capstan.cli.verb;

import dev.capstan.cli.picture.Checkup;
import dev.capstan.cli.picture.Checkup.Finding;
import dev.capstan.kernel.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks for what could keep Capstan from working here. */
@Command(
    name = "doctor",
    description =
        "Look for what could keep Capstan from working here, with a way out for each. Exit code 6 when something does.")
public final class DoctorVerb implements Callable<Integer> {
  private final Desk desk;
  @Mixin Manner manner = new Manner();

  public DoctorVerb(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    List<Finding> findings = new Examination(desk.home(), desk.server(manner)).findings();
    if (manner.json) {
      desk.json(Json.valueOf(findings));
    } else {
      desk.say(Checkup.draw(findings, desk.look(0)));
    }
    return findings.stream().anyMatch(finding -> finding.verdict() == Checkup.Verdict.BAD) ? 6 : 0;
  }
}
