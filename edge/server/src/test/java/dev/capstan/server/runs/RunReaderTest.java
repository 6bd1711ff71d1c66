package dev.capstan.server.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Plans;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.views.LiveEvents;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunReaderTest {
  private static final RunId RUN = new RunId(7);

  private static Problem refusal(Optional<String> fate) {
    try (MemoryJournal journal = new MemoryJournal()) {
      RunReader runs = new RunReader(LiveEvents.of(journal), new Plans(journal), _ -> fate);
      return catchThrowableOfType(Refusal.class, () -> runs.events(TenantId.LOCAL, RUN)).problem();
    }
  }

  @Test
  void a_run_that_is_not_there_is_not_found_and_the_answer_says_why_if_it_was_dropped() {
    assertThat(refusal(Optional.empty()).code()).isEqualTo(ProblemCode.NOT_FOUND);
    assertThat(refusal(Optional.empty()).detail()).isEqualTo("there is no run " + RUN);
    assertThat(refusal(Optional.of("runs as old are gone")).code())
        .isEqualTo(ProblemCode.NOT_FOUND);
    assertThat(refusal(Optional.of("runs as old are gone")).detail())
        .isEqualTo("there is no run " + RUN + ": runs as old are gone");
  }
}
