"""Warnings about a chain of links: only what can be seen in the addresses, never a guess.

Scripts and look-alikes are Unicode's own tables (UTS 39) through confusable-homoglyphs.
"""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from confusable_homoglyphs import categories, confusables

from functions.network.expansion import Hop
from functions.network.guard.links import BadLink, parse_link, shown
from functions.network.wording import together
from utilsbot.i18n import N_, _
from utilsbot.markdown import inline_code

LONG_CHAIN = 4
"""As many redirects deserve a word: people shorten once, trackers once or twice."""
# Unicode's names of the scripts that hosts mix; any other one stays English.
_NAMED = (
    N_("Arabic"),
    N_("Armenian"),
    N_("Cyrillic"),
    N_("Greek"),
    N_("Han"),
    N_("Hangul"),
    N_("Hebrew"),
    N_("Hiragana"),
    N_("Katakana"),
    N_("Latin"),
    N_("Thai"),
)
_COMMON = frozenset({"COMMON", "INHERITED"})
# The combinations that one language writes together (UTS 39, Highly Restrictive).
_TOGETHER = (
    frozenset({"LATIN", "HAN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "CJK", "HANGUL"}),
)
_CLOSER = {"\N{CYRILLIC SMALL LETTER PALOCHKA}": "l"}
"""UTS 39 has a palochka as an `i`, but people, and Chrome, see the `l` that it is drawn as: that
makes the best-known look-alike of all, `xn--80ak6aa92e.com` for `apple.com`."""
_WRITTEN = frozenset("ıɣɩɯʋ")  # noqa: RUF001
"""The Latin letters with an ASCII twin that languages are written in, as Turkish and Ewe, so that
names have them honestly. The others are phonetic signs and small capitals: only disguises do."""


def chain_warnings(hops: Sequence[Hop]) -> tuple[str, ...]:
    """Everything that a reader of the chain should know, as whole sentences.

    Args:
        hops: the chain, from the address that was given to the last one.
    """
    found = [warning for host in dict.fromkeys(hop.host for hop in hops) for warning in _of(host)]
    found += _downgrades(hops)
    if hops[-1].url.startswith("http:") and not _downgrades(hops):
        found.append(
            _("The final address is not encrypted (`http`): others can read and change it.")
        )
    if len(hops) - 1 >= LONG_CHAIN:
        found.append(_("The chain is long: {count} redirects.").format(count=len(hops) - 1))
    return tuple(found)


def _of(host: str) -> list[str]:
    """What is remarkable about one host, as people read it."""
    if _is_ip(host):
        told = _("{host} is a bare IP address instead of a name.")
        return [told.format(host=inline_code(host))]
    readable = shown(host)
    if readable.isascii():
        return []
    found = []
    mixed = [label for label in readable.split(".") if _is_mixed(_scripts(label))]
    for label in mixed:
        names = together(_(script) for script in sorted(map(str.title, _scripts(label))))
        told = _("{host} mixes alphabets in {part}: {scripts}.").format(
            host=inline_code(readable), part=inline_code(label), scripts=names
        )
        found.append(told)
    likeness = ".".join(_likeness(label) for label in readable.split("."))
    if likeness != readable and likeness.isascii():
        found.append(
            _("{host} looks like {other}, but is another host: {punycode}.").format(
                host=inline_code(readable),
                other=inline_code(likeness),
                punycode=inline_code(_punycode(readable)),
            )
        )
    return found


def _downgrades(hops: Sequence[Hop]) -> list[str]:
    return [
        _("{host} sends on from `https` to unencrypted `http`.").format(
            host=inline_code(before.host)
        )
        for before, after in pairwise(hops)
        if before.url.startswith("https:") and after.url.startswith("http:")
    ]


def _is_ip(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _scripts(label: str) -> frozenset[str]:
    return frozenset(categories.unique_aliases(label)) - _COMMON


def _is_mixed(scripts: frozenset[str]) -> bool:
    return len(scripts) > 1 and not any(scripts <= allowed for allowed in _TOGETHER)


def _likeness(label: str) -> str:
    """The label, its letters replaced by the ASCII ones that they look like."""
    return "".join(_ascii_twin(letter) for letter in label)


def _ascii_twin(letter: str) -> str:
    """What people take the letter for; itself if nothing, or a Latin letter that is no disguise."""
    if letter.isascii() or letter in _WRITTEN:
        return letter
    known = confusables.confusables_data.get(letter, [])
    twins = [_CLOSER.get(letter) or twin["c"].lower() for twin in known if twin["c"].isascii()]
    if unicodedata.name(letter, "").startswith("LATIN"):  # `æ` is seen not to be `ae`
        twins = [twin for twin in twins if len(twin) == 1 and twin.isalpha()]
    return twins[0] if twins else letter


def _punycode(readable: str) -> str:
    try:
        return parse_link(readable).host
    except BadLink:
        return readable
