"""A server's settings and a user's preferences, through the whole stack, on one of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.conftest import RunningStack, running
from utilsbot.i18n import translated

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("operating")]

ADA = "300000000000000001"


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack that nobody else uses."""
    yield from running(tmp_path_factory.mktemp("settings"))


def _embed(answer: Any) -> Any:
    return answer["message"]["embeds"][0]


def _ephemeral(answer: Any) -> bool:
    return bool(answer["message"].get("flags", 0) & 64)


def test_the_worker_answers_in_the_preferred_language(own_stack: RunningStack) -> None:
    """At once, and in every later answer; Discord's own language comes back."""
    remembered = translated("de", "Remembered") or "Remembered"
    yours = translated("de", "Your preferences") or "Your preferences"

    chosen = own_stack.answer("/preferences language:de", "--as", ADA)
    later = own_stack.answer("/preferences", "--as", ADA)
    back = own_stack.answer("/preferences language:own", "--as", ADA)

    titles = [_embed(answer)["title"] for answer in (chosen, later, back)]
    assert titles == [remembered, yours, "Remembered"]


def test_a_preference_makes_public_answers_private(own_stack: RunningStack) -> None:
    """From the next command on, unless the command itself says otherwise."""
    line = "/ip ip:8.8.8.8"
    assert not _ephemeral(own_stack.answer(line, "--as", ADA))

    own_stack.answer("/preferences answers:yes", "--as", ADA)

    assert _ephemeral(own_stack.answer(line, "--as", ADA))
    assert not _ephemeral(own_stack.answer(f"{line} private:False", "--as", ADA))


def test_settings_are_shown_and_changed_by_button_and_form(own_stack: RunningStack) -> None:
    """The form goes back into the same message."""
    shown = own_stack.answer("/settings", "--as", ADA)
    assert _embed(shown)["title"] == "Settings of this server"

    own_stack.answer("--click", "Only private answers", "--as", ADA)
    formed = own_stack.answer("--click", "AI allowance", "--submit", "requests=5", "--as", ADA)

    said = "\n".join(field["value"] for field in _embed(formed)["fields"])
    assert "Only the caller sees them" in said
    assert "At most 5 questions" in said
    assert f"<@{ADA}>: AI questions a day → `5`" in said


def test_who_is_no_admin_is_refused(own_stack: RunningStack) -> None:
    """By our own check: the playground shows everybody everything."""
    answer = own_stack.answer("/settings", "--as", "300000000000000511")

    assert "needs the permission **Manage Server**" in _embed(answer)["description"]
