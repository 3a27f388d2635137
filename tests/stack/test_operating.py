"""The commands that change the bot for everybody, on a stack of their own."""

from collections.abc import Iterator

import pytest

from functions.catalog import CATALOG
from tests.stack.conftest import RunningStack, running
from tests.stack.test_commands import SWITCHES

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("operating")]

EXAMPLES = [
    line for module in CATALOG if module.spec.slug in SWITCHES for line in module.spec.examples
]


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack that nobody else uses."""
    yield from running(tmp_path_factory.mktemp("operating"))


def test_every_example_is_answered_and_noted(own_stack: RunningStack) -> None:
    """What the help shows works as it is written there, and the audit trail has it."""
    for line in EXAMPLES:
        message = own_stack.answer(line)["message"]
        titles = {embed.get("title") for embed in message["embeds"]}
        assert titles, line
        assert not titles & {"Something went wrong on our side", "Please check your input"}, line
        assert "Out of date" not in titles, line
    trail = own_stack.answer("/logs audit")["message"]["embeds"][0]
    assert trail["description"]
