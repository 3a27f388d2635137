"""How a chain of links looks in an answer; shared by /unshorten and Expand links."""

from functions.network.expansion import MAX_HOPS, End, Expansion, Hop
from utilsbot.markdown import escape, inline_code
from utilsbot.reply import Colour, Embed, Field

_SHOWN_URL = 300
"""Characters of an address within the list of hops; the final one is shown whole."""

_TITLES = {
    End.PAGE: "Where the link leads",
    End.DEAD: "The link is dead",
    End.ERROR: "The link leads to an error",
    End.NO_HOST: "The link is dead",
    End.SILENT: "The link does not answer",
    End.LOOP: "The link goes round in a circle",
    End.TOO_MANY: "The link has no end",
    End.REFUSED: "The link was not followed to its end",
}


def chain_embed(expansion: Expansion) -> Embed:
    """The whole story of one chain."""
    final = expansion.final
    fields = [Field(_final_name(expansion), inline_code(final.url))]
    if expansion.title:
        fields.append(Field("Page title", escape(expansion.title)))
    if expansion.redirects:
        fields.append(Field(f"All {len(expansion.hops)} addresses", _hop_list(expansion.hops)))
    if expansion.forwards_to:
        fields.append(
            Field(
                "The page itself goes on to", f"{inline_code(expansion.forwards_to)} (not opened)"
            )
        )
    if expansion.warnings:
        fields.append(Field("Take note", "\n".join(f"- {w}" for w in expansion.warnings)))
    return Embed(
        title=_TITLES[expansion.end] if expansion.redirects or _went_wrong(expansion) else _DIRECT,
        description=sentence(expansion),
        fields=tuple(fields),
        colour=_colour(expansion),
        footer="Opened from the bot's side, without your browser or your cookies",
    )


_DIRECT = "The link is not a short one"


def sentence(expansion: Expansion) -> str:
    """How it ended, in one or two sentences."""
    status = expansion.final.status
    match expansion.end:
        case End.PAGE:
            if not expansion.redirects:
                return f"It leads straight to its page (status {status})."
            return f"{_redirects(expansion)} to a page on {inline_code(expansion.final.host)}."
        case End.DEAD:
            return f"The last host answers that there is no such page (status {status})."
        case End.ERROR:
            return (
                f"The last host answers with status {status}, which may be meant for programs only."
            )
        case End.NO_HOST:
            return f"{expansion.why}."
        case End.SILENT:
            return f"{expansion.why}. It may work again later."
        case End.LOOP:
            return (
                "It comes back to an address where it has been. Some pages do that to visitors "
                "without cookies."
            )
        case End.TOO_MANY:
            return f"After {MAX_HOPS} redirects it still goes on; no further one was followed."
        case End.REFUSED:
            return f"For safety the last step was not taken: {expansion.why.rstrip('.')}."


def _redirects(expansion: Expansion) -> str:
    count = expansion.redirects
    return "One redirect leads" if count == 1 else f"{count} redirects lead"


def _went_wrong(expansion: Expansion) -> bool:
    return expansion.end is not End.PAGE


def _final_name(expansion: Expansion) -> str:
    return "Final address" if expansion.end is End.PAGE else "Last address"


def _hop_list(hops: tuple[Hop, ...]) -> str:
    return "\n".join(
        f"{number}. `{hop.status or '—'}` {inline_code(_cut(hop.url))}"
        for number, hop in enumerate(hops, 1)
    )


def _cut(url: str) -> str:
    return url if len(url) <= _SHOWN_URL else f"{url[: _SHOWN_URL - 1]}…"


def _colour(expansion: Expansion) -> int:
    if expansion.end in {End.DEAD, End.NO_HOST, End.LOOP, End.TOO_MANY, End.REFUSED}:
        return Colour.ERROR
    if expansion.warnings or _went_wrong(expansion):
        return Colour.WARNING
    return Colour.SUCCESS
