package dev.capstan.memory.chroma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryContract;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.WordsEmbedder;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract over the wire, against a twin that answers as Chroma was seen to, or badly. */
class ChromaTwinIT extends MemoryContract {
  private ChromaTwin twin;

  @BeforeEach
  void started() throws IOException {
    twin = new ChromaTwin();
  }

  @AfterEach
  void stopped() {
    twin.close();
  }

  @Override
  protected Memory open(Embedder embedder, Ranking ranking) {
    return new ChromaMemory(twin.address(), embedder, ranking);
  }

  @ParameterizedTest
  @EnumSource(names = "WELL", mode = EnumSource.Mode.EXCLUDE)
  void a_server_that_is_ill_is_told_and_serves_again_when_it_is_well(ChromaTwin.Mood mood) {
    try (Memory memory =
        new ChromaMemory(
            twin.address(), new WordsEmbedder(), Ranking.DEFAULT, Duration.ofSeconds(3))) {
      twin.mood(mood);
      assertThatThrownBy(() -> memory.write(CREW, Writing.of("k", "a fact"), NOW))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.UNAVAILABLE))
          .hasMessageContaining("CHROMA_URL");
      twin.mood(ChromaTwin.Mood.WELL);
      Remembered kept = memory.write(CREW, Writing.of("k", "a fact"), NOW);
      assertThat(memory.list(CREW, 0, 10)).containsExactly(kept);
    }
  }

  @Test
  void a_collection_that_somebody_deleted_is_made_again() {
    try (Memory memory = open(new WordsEmbedder(), Ranking.DEFAULT)) {
      memory.write(CREW, Writing.of("1", "a fact"), NOW);
      twin.forgetAll();
      assertThat(memory.recall(CREW, new Query("fact", 3), NOW)).isEmpty();
      memory.write(CREW, Writing.of("2", "a new fact"), NOW);
      twin.forgetAll();
      memory.write(CREW, Writing.of("3", "a third fact"), NOW);
      assertThat(memory.list(CREW, 0, 10)).hasSize(1);
    }
  }

  @Test
  void where_nobody_listens_it_says_so() {
    URI nobody = twin.address();
    twin.close();
    try (Memory memory = new ChromaMemory(nobody, new WordsEmbedder(), Ranking.DEFAULT)) {
      assertThatThrownBy(() -> memory.list(CREW, 0, 10))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("does not answer");
    }
  }
}
