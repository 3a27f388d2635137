"""Expand links: a message's context-menu command, /unshorten for every link that is in it."""

from collections.abc import Mapping
from typing import Any, Protocol

from functions.network.chain_embed import chain_embed, sentence
from functions.network.expansion import End, Expansion
from functions.network.message_links import links_of
from utilsbot.context import Context
from utilsbot.errors import BadInput
from utilsbot.i18n import DEFAULT, _, ngettext
from utilsbot.markdown import inline_code
from utilsbot.meter import Meter
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Command, CommandType, Cooldown, Visibility

MAX_LINKS = 8
_NEEDED_S = 3.0
"""A link is begun only with so much time left, so that an answer goes out whatever happens."""

SPEC = Command(
    name="Expand links",
    summary="Where the links of a message lead",
    type=CommandType.MESSAGE,
    visibility=Visibility.PRIVATE,
    cooldown=Cooldown(3, 60),
    help=(
        f"Does for up to {MAX_LINKS} links of a message what `/unshorten` does for one: in its "
        "text, its embeds, its buttons and in what it forwards. Only you see the answer."
    ),
)


class Chains(Protocol):
    """Follows links."""

    def expand(
        self, text: str, meter: Meter, *, option: str | None = None, language: str = DEFAULT
    ) -> Expansion:
        """Where a link leads.

        Raises:
            BadInput: it may not be opened at all.
        """


def run(ctx: Context, *, chains: Chains, meter: Meter) -> Reply:
    """Every link of the message that was chosen."""
    links = links_of(_message(ctx.interaction.data))
    if not links:
        raise BadInput(_("There is no link in this message."))
    if len(links) == 1:
        expansion = chains.expand(links[0], meter, language=ctx.language)
        return Reply(embeds=(chain_embed(expansion),))
    fields, worst = [], Colour.SUCCESS
    for link in links[:MAX_LINKS]:
        field, colour = _field(link, chains, meter, ctx.language)
        fields.append(field)
        worst = max(worst, colour, key=_SEVERITY.index)
    more = len(links) - MAX_LINKS
    title = ngettext("{count} link", "{count} links", len(links)).format(count=len(links))
    footer = _rest(more) if more > 0 else ""
    return Reply(embeds=(Embed(title, "", tuple(fields), worst, footer),))


_SEVERITY = (Colour.SUCCESS, Colour.WARNING, Colour.ERROR)


def _message(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message that the command was used on, as Discord resolved it."""
    resolved = data.get("resolved")
    messages = resolved.get("messages") if isinstance(resolved, Mapping) else None
    message = messages.get(data.get("target_id")) if isinstance(messages, Mapping) else None
    return message if isinstance(message, Mapping) else {}


def _rest(count: int) -> str:
    return ngettext(
        "{count} more link is in the message; use /unshorten for it",
        "{count} more links are in the message; use /unshorten for them",
        count,
    ).format(count=count)


def _field(link: str, chains: Chains, meter: Meter, language: str) -> tuple[Field, int]:
    """One link's story in short."""
    name = link if len(link) <= 200 else f"{link[:199]}…"
    if meter.left_s(_NEEDED_S) < _NEEDED_S:
        late = _("Not opened: the time was used up by the links before it.")
        return Field(name, late), Colour.WARNING
    try:
        expansion = chains.expand(link, meter, language=language)
    except BadInput as error:
        return Field(name, error.text), Colour.ERROR
    lines = [f"→ {inline_code(_cut(expansion.final.url))}"] if expansion.redirects else []
    lines.append(sentence(expansion))
    lines += [f"- {warning}" for warning in expansion.warnings]
    colour = Colour.SUCCESS if expansion.end is End.PAGE else Colour.ERROR
    if expansion.end is End.PAGE and expansion.warnings:
        colour = Colour.WARNING
    return Field(name, _whole("\n".join(lines))), colour


def _cut(url: str) -> str:
    return url if len(url) <= 400 else f"{url[:399]}…"


def _whole(text: str) -> str:
    """At most what eight fields of an embed may have together."""
    return text if len(text) <= 600 else f"{text[:599]}…"
