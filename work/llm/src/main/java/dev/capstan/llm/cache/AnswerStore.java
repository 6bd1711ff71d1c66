package dev.capstan.llm.cache;

import dev.capstan.kernel.TenantId;
import dev.capstan.llm.chat.Answer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keeps answers for a while. Losing some of them costs money and nothing else. */
public interface AnswerStore {
  /** Keeps nothing. */
  AnswerStore NONE =
      new AnswerStore() {
        @Override
        public @Nullable Answer find(TenantId tenant, Fingerprint question) {
          return null;
        }

        @Override
        public void keep(TenantId tenant, Fingerprint question, Answer answer, Duration life) {}
      };

  /** The answer that this tenant was given to exactly this question, unless its life is over. */
  @Nullable Answer find(TenantId tenant, Fingerprint question);

  void keep(TenantId tenant, Fingerprint question, Answer answer, Duration life);
}
