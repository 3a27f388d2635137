"""/preferences: how the bot answers you, and how its games look."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from utilsbot.context import Context
from utilsbot.discord.components import Row, Select, SelectOption, row
from utilsbot.discord.custom_id import build
from utilsbot.errors import UnknownCommand
from utilsbot.i18n import LANGUAGES, N_, _, language_of, speak
from utilsbot.reply import Embed, Field, Reply, success
from utilsbot.spec import Access, Ack, Action, Choice, Command, Option, Visibility

_OWN = "own"
"""The language that the user's Discord speaks, which is stored as nothing."""


class _Preference(NamedTuple):
    """One thing to choose; the first value is what counts before anybody chooses."""

    name: str
    """The option's."""
    attribute: str
    """The stored one, as the gate or the game reads it."""
    title: str
    values: Mapping[str, str]
    """What is stored → what it is called."""


_LANGUAGE = "language"
"""The attribute that the gate reads, as a Discord locale."""
_ALL = (
    _Preference(
        "answers",
        "private",
        N_("Who sees the answers, where it can be chosen"),
        {"no": N_("As each command says"), "yes": N_("Only me, unless I choose otherwise")},
    ),
    _Preference(
        "language",
        _LANGUAGE,
        N_("Language of the answers"),
        {_OWN: N_("As my Discord speaks"), **LANGUAGES},
    ),
    _Preference(
        "boards",
        "wordle_board",
        N_("Game boards"),
        {"image": N_("As pictures"), "text": N_("As text, for screen readers and slow networks")},
    ),
    _Preference(
        "palette",
        "wordle_palette",
        N_("Colours of game boards"),
        {
            "classic": N_("Green and yellow"),
            "contrast": N_("High contrast: orange and blue"),
        },
    ),
)

SPEC = Command(
    name="preferences",
    summary="How the bot answers you and how its games look",
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
    "next command on, in every server and in direct messages. A command's own option `private` "
    "goes before your preference, and a server's settings before both. `/privacy delete` forgets "
    "it.",
    examples=(
        "/preferences",
        "/preferences answers:yes",
        "/preferences language:de",
        "/preferences boards:text palette:contrast",
    ),
)


class Store(Protocol):
    """utilsbot.store.preferences.Preferences."""

    def of(self, user_id: str) -> dict[str, str]:
        """What a user has chosen, by name."""

    def choose(self, user_id: str, chosen: Mapping[str, str]) -> dict[str, str]:
        """Changes some; all of them afterwards."""


def run(
    ctx: Context,
    *,
    answers: str | None,
    language: str | None,
    boards: str | None,
    palette: str | None,
    preferences: Store,
) -> Reply:
    """Shows them, after changing what is given."""
    given = zip(_ALL, (answers, language, boards, palette), strict=True)
    chosen = {p.attribute: value for p, value in given if value is not None}
    if not chosen:
        return _shown(preferences.of(ctx.user.id), Embed(_("Your preferences")))
    return _chosen(ctx, chosen, preferences)


def on_choose(ctx: Context, name: str, *, preferences: Store) -> Reply:
    """Changes the one whose menu was used.

    Raises:
        UnknownCommand: another version's menu.
    """
    preference = next((known for known in _ALL if known.name == name), None)
    value = ctx.values[0] if len(ctx.values) == 1 else ""
    if preference is None or value not in preference.values:
        raise UnknownCommand
    return _chosen(ctx, {preference.attribute: value}, preferences)


def _chosen(ctx: Context, chosen: Mapping[str, str], preferences: Store) -> Reply:
    stored = {name: "" if value == _OWN else value for name, value in chosen.items()}
    known = preferences.choose(ctx.user.id, stored)
    if _LANGUAGE in stored:  # the gate chose the language before it was changed here
        speak(language_of(stored[_LANGUAGE] or ctx.interaction.locale))
    return _shown(known, success(_("Remembered")))


def _shown(chosen: Mapping[str, str], embed: Embed) -> Reply:
    fields = tuple(
        Field(_(preference.title), _(preference.values[_current(preference, chosen)]))
        for preference in _ALL
    )
    menus = tuple(_menu(preference, chosen) for preference in _ALL)
    return Reply(embeds=(embed._replace(fields=fields),), rows=menus)


def _menu(preference: _Preference, chosen: Mapping[str, str]) -> Row:
    current = _current(preference, chosen)
    options = tuple(
        SelectOption(_(text), value, default=value == current)
        for value, text in preference.values.items()
    )
    title = _(preference.title)
    return row(Select(build("preferences", "choose", preference.name), options, title))


def _current(preference: _Preference, chosen: Mapping[str, str]) -> str:
    stored = chosen.get(preference.attribute, "")
    return stored if stored in preference.values else next(iter(preference.values))
