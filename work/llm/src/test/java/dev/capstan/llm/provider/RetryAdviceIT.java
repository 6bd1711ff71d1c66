package dev.capstan.llm.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Secret;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.provider.wire.Endpoint;
import dev.capstan.llm.provider.wire.Wire;
import dev.capstan.llm.provider.wire.WireProvider;
import dev.capstan.twin.Denial;
import dev.capstan.twin.Mishap;
import dev.capstan.twin.Mishap.Form;
import dev.capstan.twin.Scene;
import dev.capstan.twin.VendorTwin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a vendor says that it may be asked again, in any of its ways, that is what is told. */
class RetryAdviceIT {
  private final VendorTwin twin = VendorTwin.start();
  private final Wire wire = Vendor.wire();

  @AfterEach
  void close() {
    wire.close();
    twin.close();
  }

  private Fault fault(Vendor vendor, Mishap mishap) throws InterruptedException {
    twin.script().always(Scene.of(mishap));
    Reply reply =
        vendor
            .at(twin, wire)
            .call(Vendor.ask("m", false, Message.User.says("?")), DeltaSink.NOBODY);
    assertThat(reply).isInstanceOf(Reply.Faulted.class);
    return ((Reply.Faulted) reply).fault();
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void advice_is_understood_in_every_form(Vendor vendor) throws Exception {
    Duration in = Duration.ofSeconds(90);
    List<Form> forms = new ArrayList<>(List.of(Form.SECONDS, Form.DATE, Form.MILLIS));
    forms.add(vendor == Vendor.GEMINI ? Form.BODY : Form.RESET_HEADERS);
    for (Form form : forms) {
      Fault fault = fault(vendor, Mishap.denies(Denial.RATE_LIMIT, form, in));
      assertThat(fault.retryAfter())
          .as("%s", form)
          .isBetween(Duration.ofSeconds(85), Duration.ofSeconds(90));
    }
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void without_advice_there_is_none(Vendor vendor) throws Exception {
    assertThat(fault(vendor, Mishap.denies(Denial.RATE_LIMIT)).retryAfter()).isNull();
    assertThat(fault(vendor, Mishap.denies(Denial.OVERLOADED)).retryAfter()).isNull();
  }

  @Test
  void a_spend_limit_has_no_end_that_could_be_waited_for() throws Exception {
    Mishap limit = Mishap.denies(Denial.SPEND_LIMIT, Form.SECONDS, Duration.ofSeconds(5));
    Fault fault = fault(Vendor.MESSAGES, limit);
    assertThat(fault.kind()).isEqualTo(FaultKind.BILLING);
    assertThat(fault.retryAfter()).isNull();
    assertThat(fault.vendorCode()).isEqualTo("enforced_spend_limit_reached");
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void a_key_that_a_vendor_echoes_is_struck_out(Vendor vendor) throws Exception {
    Fault fault = fault(vendor, Mishap.denies(Denial.BAD_KEY));
    assertThat(fault.detail()).contains("[secret]").doesNotContain("PLANTED");
    assertThat(vendor.at(twin, wire)).asString().doesNotContain("PLANTED");
    assertThat(twin.asks().getLast().key()).isEqualTo(Vendor.KEY);
  }

  @Test
  void who_cannot_be_reached_was_sent_nothing() throws Exception {
    // Nobody listens at port 1; the port of a twin that was closed may be somebody else's by now.
    Endpoint nowhere = Endpoint.of("nowhere", "http://127.0.0.1:1/v1", Secret.of(Vendor.KEY));
    Reply reply =
        new WireProvider(wire, nowhere, Vendor.CHAT.dialect())
            .call(Vendor.ask("m", false, Message.User.says("?")), DeltaSink.NOBODY);
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Faulted.class,
            faulted -> assertThat(faulted.fault().kind()).isEqualTo(FaultKind.UNREACHABLE));
  }

  @ParameterizedTest
  @EnumSource(Vendor.class)
  void an_interrupt_ends_the_call_and_its_connection(Vendor vendor) throws Exception {
    twin.script().always(Scene.of(Mishap.breaks(Mishap.Where.MIDWAY, Mishap.How.STALL)));
    var begun = new java.util.concurrent.CountDownLatch(1);
    var ended = new java.util.concurrent.CompletableFuture<Object>();
    Thread asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ProviderCall call = Vendor.ask("m", true, Message.User.says("?"));
                ended.complete(vendor.at(twin, wire).call(call, delta -> begun.countDown()));
              } catch (InterruptedException interrupted) {
                ended.complete(interrupted);
              }
            });
    begun.await();
    asking.interrupt();
    assertThat(ended.get(10, java.util.concurrent.TimeUnit.SECONDS))
        .isInstanceOf(InterruptedException.class);
  }
}
