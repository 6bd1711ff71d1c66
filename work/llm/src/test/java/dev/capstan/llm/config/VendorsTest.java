package dev.capstan.llm.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class VendorsTest {
  @Test
  void an_address_gets_the_version_that_its_paths_begin_with() {
    assertThat(Vendors.base(ProviderSettings.Type.OPENAI, null))
        .hasToString("https://api.openai.com/v1");
    assertThat(Vendors.base(ProviderSettings.Type.OPENAI, URI.create("http://localhost:11434/v1")))
        .hasToString("http://localhost:11434/v1");
    assertThat(Vendors.base(ProviderSettings.Type.ANTHROPIC, null))
        .hasToString("https://api.anthropic.com/v1");
    assertThat(Vendors.base(ProviderSettings.Type.ANTHROPIC, URI.create("http://proxy/a/")))
        .hasToString("http://proxy/a/v1");
    assertThat(Vendors.base(ProviderSettings.Type.ANTHROPIC, URI.create("http://proxy/a/v1")))
        .hasToString("http://proxy/a/v1");
    assertThat(Vendors.base(ProviderSettings.Type.GEMINI, URI.create("http://proxy")))
        .hasToString("http://proxy/v1beta");
  }
}
