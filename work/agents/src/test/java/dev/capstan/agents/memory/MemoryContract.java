package dev.capstan.agents.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every memory holds to; each implementation extends it. */
public abstract class MemoryContract {
  protected static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  protected static final MemoryGroup CREW = new MemoryGroup(new TenantId("acme"), "crew");
  private static final List<Writing> FACTS =
      List.of(
          Writing.of("1", "The release train leaves every second Tuesday"),
          Writing.of("2", "Invoice INV-20417 was paid twice by mistake"),
          Writing.of("3", "Oslo is cold in November and dark by four"),
          Writing.of("4", "The customer prefers answers in Norwegian"));

  private final List<Memory> opened = new ArrayList<>();

  /** An empty one. */
  protected abstract Memory open(Embedder embedder, Ranking ranking) throws Exception;

  private Memory memory(Ranking ranking) throws Exception {
    Memory memory = open(new WordsEmbedder(), ranking);
    opened.add(memory);
    return memory;
  }

  private Memory memory() throws Exception {
    return memory(Ranking.DEFAULT);
  }

  @AfterEach
  void closed() {
    opened.forEach(Memory::close);
  }

  private static List<String> texts(List<Recalled> recalled) {
    return recalled.stream().map(found -> found.memory().text()).toList();
  }

  private static List<String> recall(Memory memory, MemoryGroup group, String query) {
    return texts(memory.recall(group, new Query(query, 5), NOW));
  }

  @Test
  void what_was_written_comes_to_mind_by_its_words_and_by_its_meaning() throws Exception {
    Memory memory = memory();
    FACTS.forEach(fact -> memory.write(CREW, fact, NOW));
    memory.write(CREW, Writing.of("5", "my automobile is red"), NOW);
    assertThat(recall(memory, CREW, "inv-20417")).first().isEqualTo(FACTS.get(1).text());
    assertThat(recall(memory, CREW, "release train")).first().isEqualTo(FACTS.get(0).text());
    assertThat(recall(memory, CREW, "car")).containsExactly("my automobile is red");
  }

  @Test
  void what_has_nothing_to_do_with_it_does_not() throws Exception {
    Memory memory = memory();
    assertThat(recall(memory, CREW, "anything")).as("an empty group").isEmpty();
    FACTS.forEach(fact -> memory.write(CREW, fact, NOW));
    assertThat(recall(memory, CREW, "quantum chromodynamics")).isEmpty();
    assertThat(recall(memory, CREW, "?!")).isEmpty();
  }

  @Test
  void a_memory_comes_back_as_it_was_written() throws Exception {
    Memory memory = memory();
    String text = "line one\n\"quoted\" \\ zażółć 日本 😀 {\"a\": 1}";
    Writing writing = new Writing("k", text, 0.75, Map.of("source", "a test", "é", "ü"));
    Remembered written = memory.write(CREW, writing, NOW.plusNanos(1_234_567));
    assertThat(written)
        .isEqualTo(
            new Remembered(CREW.idOf("k"), text, 0.75, writing.metadata(), NOW.plusMillis(1)));
    assertThat(memory.list(CREW, 0, 10)).containsExactly(written);
    assertThat(memory.recall(CREW, new Query("quoted zażółć", 3), NOW))
        .extracting(Recalled::memory)
        .containsExactly(written);
  }

  @Test
  void the_same_key_remembers_once() throws Exception {
    Memory memory = memory();
    Remembered first = memory.write(CREW, Writing.of("k", "the first word"), NOW);
    Remembered again = memory.write(CREW, Writing.of("k", "another word"), NOW.plusSeconds(60));
    assertThat(again).isEqualTo(first);
    assertThat(memory.list(CREW, 0, 10)).containsExactly(first);
    assertThat(recall(memory, CREW, "word")).containsExactly("the first word");
  }

  @Test
  void the_same_key_from_many_threads_remembers_once() throws Exception {
    Memory memory = memory();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Remembered>> written = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String key = "k" + i % 4;
        written.add(
            threads.submit(() -> memory.write(CREW, Writing.of(key, "said of " + key), NOW)));
      }
      for (Future<Remembered> one : written) {
        Remembered kept = one.get();
        assertThat(memory.list(CREW, 0, 100)).contains(kept);
      }
    }
    assertThat(memory.list(CREW, 0, 100)).hasSize(4);
  }

  @Test
  void what_matters_and_what_is_fresh_comes_first() throws Exception {
    Memory memory = memory(new Ranking(Duration.ofDays(10), 1_000));
    write(memory, "the deploy key is kept by Ann", 0.1, NOW);
    write(memory, "the deploy key is kept by Bob", 0.9, NOW);
    write(memory, "the deploy key is kept by Cay", 0.9, NOW.minus(Duration.ofDays(40)));
    assertThat(recall(memory, CREW, "who keeps the deploy key"))
        .extracting(text -> text.substring(text.length() - 3))
        .containsExactly("Bob", "Ann", "Cay");
    List<Recalled> later =
        memory.recall(CREW, new Query("deploy key", 3), NOW.plus(Duration.ofDays(10)));
    Recalled bob = later.getFirst();
    assertThat(bob.score()).isCloseTo(bob.relevance() * 0.95 * 0.75, within(0.001));
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }

  private static Remembered write(Memory memory, String text, double importance, Instant at) {
    return memory.write(CREW, new Writing(text, text, importance, Map.of()), at);
  }

  @Test
  void only_so_many_are_recalled_and_listed_newest_first() throws Exception {
    Memory memory = memory();
    IntStream.range(0, 20)
        .forEach(
            i -> memory.write(CREW, Writing.of("" + i, "note about tea " + i), NOW.plusSeconds(i)));
    assertThat(memory.recall(CREW, new Query("tea note", 7), NOW)).hasSize(7);
    assertThat(memory.list(CREW, 2, 3))
        .extracting(Remembered::text)
        .containsExactly("note about tea 17", "note about tea 16", "note about tea 15");
    assertThat(memory.list(CREW, 20, 3)).isEmpty();
  }

  @Test
  void what_is_forgotten_is_gone() throws Exception {
    Memory memory = memory();
    FACTS.forEach(fact -> memory.write(CREW, fact, NOW));
    String id = CREW.idOf("1");
    assertThat(memory.forget(CREW, new Forgetting.One(id))).isEqualTo(1);
    assertThat(memory.forget(CREW, new Forgetting.One(id))).isZero();
    assertThat(recall(memory, CREW, "release train")).isEmpty();
    assertThat(memory.forget(CREW, new Forgetting.Containing("inv-20417 WAS"))).isEqualTo(1);
    assertThat(memory.forget(CREW, new Forgetting.Containing("*"))).isZero();
    assertThat(memory.list(CREW, 0, 10)).hasSize(2);
    assertThat(memory.forget(CREW, new Forgetting.All())).isEqualTo(2);
    assertThat(memory.list(CREW, 0, 10)).isEmpty();
    assertThat(memory.groups(CREW.tenant())).isEmpty();
    assertThat(memory.write(CREW, FACTS.get(2), NOW).text()).isEqualTo(FACTS.get(2).text());
  }

  @Test
  void a_full_group_forgets_what_is_worth_least_and_never_the_newest() throws Exception {
    Memory memory = memory(new Ranking(Duration.ofDays(10), 10));
    for (int i = 0; i < 10; i++) {
      write(memory, "fact number " + i, i == 3 ? 0.0 : 0.9, NOW);
    }
    Remembered least = write(memory, "fact number ten", 0.0, NOW.plusSeconds(1));
    List<Remembered> kept = memory.list(CREW, 0, 100);
    assertThat(kept).hasSize(10).contains(least);
    assertThat(kept).extracting(Remembered::text).doesNotContain("fact number 3");
  }

  @Test
  void no_group_sees_what_another_keeps() throws Exception {
    Memory memory = memory();
    List<MemoryGroup> groups = neighbours();
    Random random = new Random(7);
    Map<String, List<String>> model = new TreeMap<>();
    for (int i = 0; i < 120; i++) {
      MemoryGroup group = groups.get(random.nextInt(groups.size()));
      String text = "the secret of " + i + " is shared by nobody";
      // The same keys everywhere: an id must not reach into another group.
      if (memory.write(group, Writing.of("key " + i % 40, text), NOW).text().equals(text)) {
        model.computeIfAbsent(group.place(), _ -> new ArrayList<>()).add(text);
      }
      if (i % 10 == 9) {
        forgetOne(memory, groups.get(random.nextInt(groups.size())), model, i % 40);
      }
    }
    for (MemoryGroup group : groups) {
      List<String> own = model.getOrDefault(group.place(), List.of());
      assertThat(memory.list(group, 0, 1_000))
          .as("%s", group)
          .extracting(Remembered::text)
          .containsExactlyInAnyOrderElementsOf(own);
      assertThat(texts(memory.recall(group, new Query("the secret is shared by nobody", 100), NOW)))
          .as("%s", group)
          .containsExactlyInAnyOrderElementsOf(own);
    }
    MemoryGroup cleared = groups.getFirst();
    memory.forget(cleared, new Forgetting.All());
    groups.stream()
        .skip(1)
        .forEach(group ->
            assertThat(memory.list(group, 0, 1_000))
                .hasSize(model.getOrDefault(group.place(), List.of()).size()));
    assertThat(memory.groups(new TenantId("acme")))
        .extracting(Memory.Held::group)
        .doesNotContain(cleared.name())
        .isSubsetOf(groups.stream().map(MemoryGroup::name).toList());
    assertThat(memory.groups(new TenantId("nobody"))).isEmpty();
  }

  private static void forgetOne(
      Memory memory, MemoryGroup group, Map<String, List<String>> model, int key) {
    List<Remembered> before = memory.list(group, 0, 1_000);
    String id = group.idOf("key " + key);
    memory.forget(group, new Forgetting.One(id));
    before.stream()
        .filter(kept -> kept.id().equals(id))
        .forEach(kept -> model.get(group.place()).remove(kept.text()));
  }

  /** Names that run into each other wherever they are put together carelessly. */
  private static List<MemoryGroup> neighbours() {
    return Stream.of("acme", "acme-", "acme_eu", "ac")
        .flatMap(tenant ->
            Stream.of("crew", "CREW", "crew ", "crew/1", "crew\"", "me:crew", "*", "ünï 😀")
                .map(group -> new MemoryGroup(new TenantId(tenant), group)))
        .toList();
  }

  @Test
  void what_cannot_be_kept_is_refused_with_the_bound() {
    assertRefused(() -> Writing.of("k", "  "), "1 to 8000");
    assertRefused(() -> Writing.of("k", "x".repeat(8_001)), "not 8001");
    assertRefused(() -> new Writing("k", "t", Double.NaN, Map.of()), "from 0 to 1");
    assertRefused(() -> new Writing("k", "t", 0.5, Map.of("n", "x".repeat(501))), "at most 500");
    assertRefused(() -> new Query(" ", 5), "1 to 8000");
    assertRefused(() -> new Query("q", 0), "1 to 100");
    assertRefused(() -> new MemoryGroup(CREW.tenant(), "a\nb"), "control character");
    assertThat(Writing.of("k", "half \ud83d of a pair").text()).isEqualTo("half ? of a pair");
  }

  private static void assertRefused(Runnable work, String why) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.problem().code()).isEqualTo(ProblemCode.INVALID_INPUT))
        .hasMessageContaining(why);
  }
}
