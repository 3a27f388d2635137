"""How /settings looks: what is set, who changed it last, and the menus. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from functions.system.switches import WITHIN
from utilsbot.discord.components import Button, Modal, Row, Select, SelectOption, TextInput, row
from utilsbot.discord.custom_id import build
from utilsbot.i18n import LANGUAGES, N_, _, ngettext, number
from utilsbot.reply import Embed, Field, Reply
from utilsbot.store.guild_settings import GuildSettings
from utilsbot.store.operators import Change

OWN = "own"
"""Stands in menus for the language that the caller's Discord speaks."""
_SHOWN_CHANGES = 3
_TITLES: Mapping[str, str] = {
    "settings groups": N_("groups off"),
    "settings commands": N_("commands off"),
    "settings language": N_("language of public answers"),
    "settings private": N_("only private answers"),
    "settings ai": N_("AI questions a day"),
}


class Offer(NamedTuple):
    """A command that a server's administrators may switch off."""

    slug: str
    name: str
    """As users see it: `/hash`, `Summarise`."""
    summary: str


def shown(
    embed: Embed,
    settings: GuildSettings,
    changes: Sequence[Change],
    offers: Mapping[str, tuple[Offer, ...]],
) -> Reply:
    """The settings with menus and buttons.

    Args:
        embed: with a title.
        settings: as they are.
        changes: of this server's settings, newest first.
        offers: by group.
    """
    lines = [_line(entry) for entry in changes[:_SHOWN_CHANGES]]
    fields = (
        Field(_("Switched off here"), _off(settings, offers)),
        Field(_("Answers"), _answers(private_only=settings.private_only)),
        Field(_("AI questions a day"), _limit(settings.ai_requests)),
        Field(_("Language of public answers"), LANGUAGES.get(settings.language) or _own()),
        Field(_("Last changes"), "\n".join(lines) or _("Nothing was changed yet.")),
    )
    commands = [offer for group in offers.values() for offer in group]
    rows = (
        _switches("groups", _("Groups that are off here"), _groups(offers), settings.off),
        _switches("commands", _("Commands that are off here"), _commands(commands), settings.off),
        _languages(settings.language),
        _buttons(settings),
    )
    return Reply(embeds=(embed._replace(fields=fields, footer=_(WITHIN)),), rows=rows)


def limit_form(now: str) -> Modal:
    """The form for the AI's allowance.

    Args:
        now: what it is: digits, or anything else for nothing.
    """
    field = TextInput(
        "requests",
        _("AI questions a day, for everybody here"),
        _("Empty: as many as whoever runs the bot allows. 0: none."),
        required=False,
        max_length=9,
        value=now if now.isascii() and now.isdecimal() and len(now) <= 9 else None,
    )
    return Modal(_("AI allowance"), build("settings", "limited"), (field,))


def _off(settings: GuildSettings, offers: Mapping[str, tuple[Offer, ...]]) -> str:
    names = {offer.slug: offer.name for group in offers.values() for offer in group}
    groups = [
        _("the group `{name}`").format(name=name) for name in sorted(settings.off & set(offers))
    ]
    commands = [f"`{names[slug]}`" for slug in sorted(settings.off & names.keys())]
    return ", ".join(groups + commands) or _("Nothing; every command can be used.")


def _answers(*, private_only: bool) -> str:
    if private_only:
        return _("Only the caller sees them, whatever they choose.")
    return _("Seen as each command and its caller choose.")


def _limit(requests: int | None) -> str:
    if requests is None:
        return _("As many as whoever runs the bot allows.")
    return ngettext(
        "At most {count} question for everybody here together.",
        "At most {count} questions for everybody here together.",
        requests,
    ).format(count=number(requests))


def _own() -> str:
    return _("What each caller's Discord speaks")


def _line(entry: Change) -> str:
    return _("{when} by {who}: {setting} → {value}").format(
        when=f"<t:{int(entry.at)}:R>",
        who=f"<@{entry.actor_id}>" if entry.actor_id.isdecimal() else f"`{entry.actor_id}`",
        setting=_(_TITLES.get(entry.action, entry.action)),
        value=f"`{entry.detail[:100]}`" if entry.detail else _("nothing"),
    )


def _switches(
    action: str, placeholder: str, options: Iterable[SelectOption], off: frozenset[str]
) -> Row:
    marked = tuple(option._replace(default=option.value in off) for option in options)
    return row(
        Select(build("settings", action), marked, placeholder, min_values=0, max_values=len(marked))
    )


def _groups(offers: Mapping[str, tuple[Offer, ...]]) -> Iterable[SelectOption]:
    return [
        SelectOption(group, group, ", ".join(offer.name for offer in found)[:100])
        for group, found in offers.items()
    ]


def _commands(offers: Iterable[Offer]) -> Iterable[SelectOption]:
    return [SelectOption(offer.name, offer.slug, _(offer.summary)[:100]) for offer in offers]


def _languages(chosen: str) -> Row:
    options = (
        SelectOption(_own(), OWN, default=chosen not in LANGUAGES),
        *(SelectOption(name, code, default=code == chosen) for code, name in LANGUAGES.items()),
    )
    return row(Select(build("settings", "language"), options, _("Language of public answers")))


def _buttons(settings: GuildSettings) -> Row:
    private = settings.private_only
    label = _("Let callers choose who sees answers") if private else _("Only private answers")
    now = "" if settings.ai_requests is None else str(settings.ai_requests)
    return row(
        Button(label, build("settings", "private", "off" if private else "on")),
        Button(_("AI allowance"), build("settings", "limit", now)),
    )
