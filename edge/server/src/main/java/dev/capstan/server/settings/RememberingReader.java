package dev.capstan.server.settings;

import dev.capstan.agents.memory.Ranking;
import dev.capstan.kernel.document.Durations;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads how and where agents remember. */
final class RememberingReader {
  private static final String LUCENE = "lucene";
  private static final String CHROMA = "chroma";
  private static final int MOST = 1_000_000;

  private final SettingsReader settings;

  RememberingReader(SettingsReader settings) {
    this.settings = settings;
  }

  Settings.Remembering read() {
    URI url = settings.address(Key.MEMORY_URL, "http://localhost:8000");
    String type = settings.text(Key.MEMORY_TYPE);
    boolean wantsChroma = type == null ? url != null : type.equals(CHROMA);
    if (type != null && !type.equals(LUCENE) && !type.equals(CHROMA)) {
      settings.mistake(Key.MEMORY_TYPE, "must be lucene or chroma, not '" + type + "'");
    } else if (wantsChroma && settings.text(Key.MEMORY_URL) == null) {
      settings.mistake(
          Key.MEMORY_TYPE, "is chroma, and nobody says where: set memory.url or CHROMA_URL");
    }
    return new Settings.Remembering(wantsChroma ? url : null, ranking());
  }

  private Ranking ranking() {
    int most = settings.number(Key.MEMORY_MOST, Ranking.DEFAULT.mostPerGroup(), 1, MOST);
    return new Ranking(halfLife(settings.text(Key.MEMORY_HALF_LIFE)), most);
  }

  private Duration halfLife(@Nullable String text) {
    Duration fallback = Ranking.DEFAULT.halfLife();
    if (text == null) {
      return fallback;
    }
    return Durations.read(text)
        .filter(life -> life.toMillis() > 0)
        .orElseGet(() -> {
          settings.mistake(
              Key.MEMORY_HALF_LIFE, "must be a duration such as 30d, not '" + text + "'");
          return fallback;
        });
  }
}
