package dev.capstan.agents.estimate;

import dev.capstan.agents.agent.AgentBounds;
import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.config.ModelSettings;
import dev.capstan.llm.price.ModelPrice;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.plan.ToolCatalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an agent's work costs with the models that it may be asked of. */
final class AgentPricing {
  private final GatewaySettings settings;
  private final PriceTable prices;
  private final ToolCatalog tools;

  AgentPricing(GatewaySettings settings, PriceTable prices, ToolCatalog tools) {
    this.settings = settings;
    this.prices = prices;
    this.tools = tools;
  }

  /**
   * The price of one task.
   *
   * @param guess what the likely figure assumes
   * @param trouble why it cannot be asked; empty when it can
   */
  record Priced(Range range, String guess, String trouble) {
    static Priced not(String trouble) {
      return new Priced(Range.NOTHING, "", trouble);
    }
  }

  /** What all agents of this name may spend in one run. */
  Money budget() {
    return settings.budgets().agent();
  }

  Priced price(AgentBounds bounds) {
    ModelSettings model = settings.models().get(bounds.model());
    if (model == null) {
      return Priced.not("there is no model '" + bounds.model() + "'");
    }
    List<ToolOffer> offers =
        bounds.tools().stream()
            .flatMap(name -> tools.spec(name).stream())
            .map(spec -> new ToolOffer(spec.name(), spec.description(), spec.input()))
            .toList();
    List<AgentPrice> choices = new ArrayList<>();
    for (ModelSettings.Choice choice : model.choices()) {
      Optional<ModelPrice> price = prices.find(choice.model());
      price.ifPresent(found -> choices.add(new AgentPrice(bounds, model, found, offers)));
    }
    if (choices.isEmpty()) {
      return Priced.not("no price is known for the model '" + bounds.model() + "'");
    }
    AgentPrice primary = choices.getFirst();
    List<Range> ranges;
    try {
      ranges = choices.stream().map(AgentPrice::range).toList();
    } catch (ArithmeticException beyond) {
      // No budget pays for it either.
      return Priced.not("the price of '" + bounds.model() + "' is beyond counting");
    }
    Money least = ranges.stream().map(Range::least).reduce(Money::min).orElse(Money.ZERO);
    Money most =
        ranges.stream()
            .map(range -> range.most() == null ? Money.ZERO : range.most())
            .reduce(Money.ZERO, Money::max);
    String turns = primary.likelyTurns() == 1 ? "1 turn" : primary.likelyTurns() + " turns";
    return new Priced(
        new Range(least, ranges.getFirst().likely(), most).within(bounds.costLimit()),
        "guessed: " + turns + " of " + primary.likelyAnswer() + " tokens",
        "");
  }
}
