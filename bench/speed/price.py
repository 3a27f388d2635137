"""The row of money: what a million /hash cost at list price, from the kept measurement."""

from bench.speed.figures import Row, exact
from cli.pricing.designs import BUDGET_USD, GROUP, floor, price
from cli.pricing.measured import load


def price_row() -> Row:
    """Priced by the model of docs/costs.md; the floor keeps every promise of the design."""
    measured = load()
    return Row(
        f"price, {GROUP} ({measured.groups[GROUP].command})",
        exact(price(measured)),
        "US dollars a million commands, list price",
        floor=exact(floor(measured)),
        budget=BUDGET_USD,
        note=f"From what `python -m bench.profile` measured on {measured.date}; the floor keeps "
        "every promise. What each change would save and lose: "
        "[Costs](costs.md#the-budget-5-usd-for-a-million-hash).",
    )
