"""Snowflakes, reference ids and custom ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilsbot.discord import custom_id
from utilsbot.discord.snowflake import created_at, interaction_id, is_snowflake, reference_id


def test_a_snowflake_knows_its_time() -> None:
    """The example of Discord's own documentation."""
    assert created_at("175928847299117063") == 1462015105.796


@pytest.mark.parametrize("text", ["", "-1", "1.5", "١٢٣", "1" * 30, str(2**64), None, 5])
def test_other_things_are_no_snowflakes(text: object) -> None:
    """Decimal ASCII text below 2**64 only."""
    assert not is_snowflake(text)


@given(st.integers(0, 2**64 - 1))
def test_a_reference_id_is_the_interactions_id(number: int) -> None:
    """It leads back to the interaction, also when it is read aloud carelessly."""
    reference = reference_id(str(number))

    assert interaction_id(reference) == str(number)
    assert interaction_id(f" {reference.lower().replace('-', ' ').replace('0', 'o')} ") == str(
        number
    )


@pytest.mark.parametrize("text", ["", "-", "héllo", "Z" * 14])
def test_other_texts_are_no_reference_ids(text: str) -> None:
    """Anything else is a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011
        interaction_id(text)


@given(st.lists(st.text(max_size=12).filter(lambda t: t.isprintable()), max_size=4))
def test_a_custom_id_comes_back_as_it_was(arguments: list[str]) -> None:
    """Any text survives, or is refused because of Discord's 100 characters."""
    try:
        text = custom_id.build("password", "again", *arguments)
    except ValueError:
        return

    assert len(text) <= custom_id.MAX_LENGTH
    assert custom_id.parse(text) == ("password", "again", tuple(arguments))


@given(st.text(max_size=150))
def test_any_text_can_be_asked(text: str) -> None:
    """A forged custom id is taken apart or refused, and never crashes."""
    parts = custom_id.parse(text)

    assert parts is None or len(text) <= custom_id.MAX_LENGTH
