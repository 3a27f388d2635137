"""How a chain of links looks in an answer; shared by /unshorten and Expand links."""

from functions.network.expansion import MAX_HOPS, End, Expansion, Hop
from utilsbot.i18n import N_, _, ngettext
from utilsbot.markdown import escape, inline_code
from utilsbot.reply import Colour, Embed, Field

_SHOWN_URL = 300
"""Characters of an address within the list of hops; the final one is shown whole."""

_TITLES = {
    End.PAGE: N_("Where the link leads"),
    End.DEAD: N_("The link is dead"),
    End.ERROR: N_("The link leads to an error"),
    End.NO_HOST: N_("The link is dead"),
    End.SILENT: N_("The link does not answer"),
    End.LOOP: N_("The link goes round in a circle"),
    End.TOO_MANY: N_("The link has no end"),
    End.REFUSED: N_("The link was not followed to its end"),
}


def chain_embed(expansion: Expansion) -> Embed:
    """The whole story of one chain."""
    final = expansion.final
    fields = [Field(_final_name(expansion), inline_code(final.url))]
    if expansion.title:
        fields.append(Field(_("Page title"), escape(expansion.title)))
    if expansion.redirects:
        fields.append(Field(_all_addresses(len(expansion.hops)), _hop_list(expansion.hops)))
    if expansion.forwards_to:
        onward = _("{address} (not opened)").format(address=inline_code(expansion.forwards_to))
        fields.append(Field(_("The page itself goes on to"), onward))
    if expansion.warnings:
        fields.append(Field(_("Take note"), "\n".join(f"- {w}" for w in expansion.warnings)))
    return Embed(
        title=_(
            _TITLES[expansion.end] if expansion.redirects or _went_wrong(expansion) else _DIRECT
        ),
        description=sentence(expansion),
        fields=tuple(fields),
        colour=_colour(expansion),
        footer=_("Opened from the bot's side, without your browser or your cookies"),
    )


_DIRECT = N_("The link is not a short one")


def sentence(expansion: Expansion) -> str:
    """How it ended, in one or two sentences."""
    status = expansion.final.status
    match expansion.end:
        case End.PAGE:
            if not expansion.redirects:
                return _("It leads straight to its page (status {status}).").format(status=status)
            return _leads_to(expansion)
        case End.DEAD:
            told = _("The last host answers that there is no such page (status {status}).")
            return told.format(status=status)
        case End.ERROR:
            return _(
                "The last host answers with status {status}, which may be meant for programs only."
            ).format(status=status)
        case End.NO_HOST:
            return _("{problem}.").format(problem=expansion.why)
        case End.SILENT:
            return _("{problem}. It may work again later.").format(problem=expansion.why)
        case End.LOOP:
            return _(
                "It comes back to an address where it has been. Some pages do that to visitors "
                "without cookies."
            )
        case End.TOO_MANY:
            told = _("After {count} redirects it still goes on; no further one was followed.")
            return told.format(count=MAX_HOPS)
        case End.REFUSED:
            told = _("For safety the last step was not taken: {problem}.")
            return told.format(problem=expansion.why.rstrip(".。"))


def _leads_to(expansion: Expansion) -> str:
    return ngettext(
        "One redirect leads to a page on {host}.",
        "{count} redirects lead to a page on {host}.",
        expansion.redirects,
    ).format(count=expansion.redirects, host=inline_code(expansion.final.host))


def _all_addresses(count: int) -> str:
    return ngettext("All {count} address", "All {count} addresses", count).format(count=count)


def _went_wrong(expansion: Expansion) -> bool:
    return expansion.end is not End.PAGE


def _final_name(expansion: Expansion) -> str:
    return _("Final address") if expansion.end is End.PAGE else _("Last address")


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
