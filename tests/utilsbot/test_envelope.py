"""What travels through a queue arrives as Discord sent it."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from utilsbot.discord.wire import read_json
from utilsbot.envelope import Envelope

_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text())
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), _VALUES), st.booleans(), st.sampled_from([None, 2]))
def test_the_text_as_it_came_says_what_the_parsed_interaction_says(
    interaction: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    """Spliced in or written anew, a worker reads the same; and SQS takes either."""
    text = json.dumps(interaction, ensure_ascii=ascii_only, indent=indent)
    if not ascii_only:
        text = text.encode("utf-8", "replace").decode()
    parsed = read_json(text)
    spliced = Envelope(parsed, 1.5, private=True, text=text).encode()

    assert spliced.isascii()
    assert Envelope.decode(spliced) == Envelope(parsed, 1.5, private=True)
    assert Envelope.decode(Envelope(parsed, 1.5, private=True).encode()).interaction == parsed


def test_a_name_that_is_given_twice_counts_once_and_the_same_for_both() -> None:
    """JSON's readers take the last one; the worker reads the text that the front door read."""
    text = r'{"id": "1", "data": {"name": "a"}, "data": {"name": "b\ud800"}}'
    parsed = read_json(text)

    assert parsed["data"] == {"name": "b\ufffd"}
    assert Envelope.decode(Envelope(parsed, 1.0, text=text).encode()).interaction == parsed
