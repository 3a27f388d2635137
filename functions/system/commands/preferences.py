"""/preferences: how games look for you."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from utilsbot.context import Context
from utilsbot.discord.components import Row, Select, SelectOption, row
from utilsbot.discord.custom_id import build
from utilsbot.errors import UnknownCommand
from utilsbot.reply import Embed, Field, Reply, success
from utilsbot.spec import Access, Ack, Action, Choice, Command, Option, Visibility


class _Preference(NamedTuple):
    """One thing to choose; the first value is what counts before anybody chooses."""

    name: str
    """The option's."""
    attribute: str
    """The stored one, as the game reads it."""
    title: str
    values: Mapping[str, str]
    """What is stored → what it is called."""


_ALL = (
    _Preference(
        "boards",
        "wordle_board",
        "Game boards",
        {"image": "As pictures", "text": "As text, for screen readers and slow networks"},
    ),
    _Preference(
        "palette",
        "wordle_palette",
        "Colours",
        {"classic": "Green and yellow", "contrast": "High contrast: orange and blue"},
    ),
)

SPEC = Command(
    name="preferences",
    summary="How the bot's games look for you",
    options=tuple(
        Option(
            preference.name,
            preference.title,
            choices=tuple(Choice(text, value) for value, text in preference.values.items()),
        )
        for preference in _ALL
    ),
    actions=(Action("choose", Ack.UPDATE),),
    visibility=Visibility.PRIVATE,
    access=Access.EVERYONE,
    help="Shows what you have chosen; options or the menus below it change it. It counts from the "
    "next move on. `/privacy delete` forgets it.",
    examples=("/preferences", "/preferences boards:text", "/preferences palette:contrast"),
)


class Store(Protocol):
    """utilsbot.store.preferences.Preferences."""

    def of(self, user_id: str) -> dict[str, str]:
        """What a user has chosen, by name."""

    def choose(self, user_id: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """Changes some; all of them afterwards."""


def run(ctx: Context, *, boards: str | None, palette: str | None, preferences: Store) -> Reply:
    """Shows them, after changing what is given."""
    given = zip(_ALL, (boards, palette), strict=True)
    chosen = {preference.attribute: value for preference, value in given if value is not None}
    if not chosen:
        return _shown(preferences.of(ctx.user.id), Embed("Your preferences"))
    return _shown(preferences.choose(ctx.user.id, chosen), success("Remembered"))


def on_choose(ctx: Context, name: str, *, preferences: Store) -> Reply:
    """Changes the one whose menu was used.

    Raises:
        UnknownCommand: another version's menu.
    """
    preference = next((known for known in _ALL if known.name == name), None)
    value = ctx.values[0] if len(ctx.values) == 1 else ""
    if preference is None or value not in preference.values:
        raise UnknownCommand
    return _shown(
        preferences.choose(ctx.user.id, {preference.attribute: value}), success("Remembered")
    )


def _shown(chosen: Mapping[str, str], embed: Embed) -> Reply:
    fields = tuple(
        Field(preference.title, preference.values[_current(preference, chosen)])
        for preference in _ALL
    )
    menus = tuple(_menu(preference, chosen) for preference in _ALL)
    return Reply(embeds=(embed._replace(fields=fields),), rows=menus)


def _menu(preference: _Preference, chosen: Mapping[str, str]) -> Row:
    current = _current(preference, chosen)
    options = tuple(
        SelectOption(text, value, default=value == current)
        for value, text in preference.values.items()
    )
    return row(Select(build("preferences", "choose", preference.name), options, preference.title))


def _current(preference: _Preference, chosen: Mapping[str, str]) -> str:
    stored = chosen.get(preference.attribute, "")
    return stored if stored in preference.values else next(iter(preference.values))
