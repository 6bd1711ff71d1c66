package dev.capstan.memory.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.WordsEmbedder;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash, a second process and a broken disk do to the memory in a folder. */
class LuceneFaultsIT {
  private static final int LIVES = Boolean.getBoolean("capstan.long") ? 30 : 4;
  private static final int A_LIFE = 40;

  @TempDir private Path folder;
  private final List<String> news = new ArrayList<>();

  private LuceneMemory open() {
    return LuceneMemory.open(folder, new WordsEmbedder(), Ranking.DEFAULT, news::add);
  }

  private Process scribe(int first) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Scribe.class.getName(),
            folder.toString(),
            "" + first)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void what_was_kept_is_there_however_often_the_process_is_killed() throws Exception {
    Set<String> kept = new TreeSet<>();
    for (int life = 0; life < LIVES; life++) {
      Process scribe = scribe(life * 1_000_000);
      try (BufferedReader said = scribe.inputReader()) {
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          assertThat(line).doesNotStartWith("news");
          if (line.startsWith("kept ")) {
            kept.add("what was learnt at number " + line.substring(5));
          }
          if (kept.size() >= (life + 1) * A_LIFE) {
            // What it says until it is dead counts as well.
            scribe.toHandle().destroyForcibly();
          }
        }
      } finally {
        scribe.destroyForcibly().waitFor();
      }
    }
    try (LuceneMemory memory = open()) {
      List<Remembered> all = memory.list(Scribe.GROUP, 0, 1_000_000);
      assertThat(all.stream().map(Remembered::text).collect(Collectors.toSet())).containsAll(kept);
      assertThat(all).extracting(Remembered::id).doesNotHaveDuplicates();
      assertThat(memory.recall(Scribe.GROUP, new Query("number 1000001", 1), Instant.EPOCH))
          .hasSize(1);
      System.out.printf(
          "figure: %d memories said to be kept in %d lives that kill -9 ended, %d there%n",
          kept.size(), LIVES, all.size());
    }
    assertThat(news).as("a crash breaks nothing").isEmpty();
  }

  @Test
  void a_second_process_is_told_that_the_folder_is_taken() throws Exception {
    Process scribe = scribe(0);
    try {
      assertThat(scribe.inputReader().readLine()).isEqualTo("open");
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.UNAVAILABLE))
          .hasMessageContaining("another process")
          .hasMessageContaining("CAPSTAN_HOME");
    } finally {
      scribe.destroyForcibly().waitFor();
    }
    open().close();
  }

  private void write(int from, int to) {
    try (LuceneMemory memory = open()) {
      for (int number = from; number < to; number++) {
        memory.write(Scribe.GROUP, Scribe.writing(number), Instant.EPOCH);
      }
    }
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("index"))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void a_broken_segment_costs_its_own_memories_and_is_told() throws Exception {
    write(0, 1);
    write(1, 2);
    write(2, 3);
    assertThat(files(".cfs")).hasSize(3);
    Path broken = files(".cfs").get(1);
    byte[] bytes = Files.readAllBytes(broken);
    bytes[bytes.length / 2] ^= 0x55;
    Files.write(broken, bytes);
    // As if the machine had lost its power.
    Files.write(folder.resolve("unclosed"), new byte[0]);
    try (LuceneMemory memory = open()) {
      assertThat(memory.list(Scribe.GROUP, 0, 10)).hasSize(2);
      memory.write(Scribe.GROUP, Scribe.writing(7), Instant.EPOCH);
      assertThat(memory.list(Scribe.GROUP, 0, 10)).hasSize(3);
    }
    assertThat(news).hasSize(1).first().asString().contains("1 memories", "broken-1");
    assertThat(folder.resolve("broken-1").resolve(broken.getFileName())).hasBinaryContent(bytes);
  }

  @Test
  void a_file_that_was_cut_short_while_nobody_ran_costs_its_own_memories() throws Exception {
    write(0, 1);
    write(1, 2);
    Path broken = files(".cfs").getFirst();
    byte[] bytes = Files.readAllBytes(broken);
    Files.write(broken, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(folder.resolve("unclosed")).as("it was closed well").doesNotExist();
    try (LuceneMemory memory = open()) {
      assertThat(memory.list(Scribe.GROUP, 0, 10)).hasSize(1);
    }
    assertThat(news).hasSize(1).first().asString().contains("1 memories", "broken-1");
  }

  @Test
  void what_cannot_be_set_aside_leaves_no_half_copies_however_often_it_is_tried() throws Exception {
    write(0, 1);
    Files.write(folder.resolve("index").resolve("segments_1"), new byte[] {1});
    Path broken = files(".cfs").getFirst();
    Files.write(broken, new byte[] {1, 2, 3});
    // A copy of this fails, as one does on a full disk.
    Files.createSymbolicLink(folder.resolve("index").resolve("zz"), folder.resolve("nothing"));
    for (int tries = 0; tries < 3; tries++) {
      assertThatThrownBy(this::open)
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.UNAVAILABLE))
          .hasMessageNotContaining("another process");
    }
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(path -> path.getFileName().toString())).containsOnly("index");
    }
    Files.delete(folder.resolve("index").resolve("zz"));
    open().close();
    assertThat(news).hasSize(1);
  }

  @Test
  void an_index_that_cannot_be_read_begins_anew_and_is_kept_beside() throws Exception {
    write(0, 3);
    for (Path commit : files("")) {
      if (commit.getFileName().toString().startsWith("segments")) {
        Files.write(commit, new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);
      }
    }
    try (LuceneMemory memory = open()) {
      assertThat(memory.list(Scribe.GROUP, 0, 10)).isEmpty();
      memory.write(Scribe.GROUP, Scribe.writing(1), Instant.EPOCH);
    }
    assertThat(news).hasSize(1).first().asString().contains("begins anew", "broken-1");
    try (LuceneMemory memory = open()) {
      assertThat(memory.list(Scribe.GROUP, 0, 10)).hasSize(1);
    }
  }

  @Test
  void what_is_forgotten_leaves_no_bytes_behind() throws Exception {
    try (LuceneMemory memory = open()) {
      memory.write(Scribe.GROUP, Scribe.writing(1), Instant.EPOCH);
      memory.write(Scribe.GROUP, Writing.of("s", "the password is hunter2"), Instant.EPOCH);
      memory.forget(Scribe.GROUP, new Forgetting.Containing("hunter2"));
    }
    for (Path file : files("")) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .as("%s", file)
          .doesNotContain("hunter2");
    }
  }
}
