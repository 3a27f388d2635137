"""The bot's words and numbers in the reader's language: GNU gettext, with Babel's catalogues.

Texts are written in English where they are used, marked by `_("…")` or `ngettext`, and constants by
`N_`. They are translated into the language that `speak` chose for this invocation; one that has no
translation stays English. `make messages` keeps the catalogues; docs/decisions/0008.
"""

import os.path
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gettext import NullTranslations

DEFAULT = "en-US"
"""The language of the code."""
LANGUAGES: Mapping[str, str] = {
    "en-US": "English",
    "de": "Deutsch",
    "es-ES": "Español",
    "fr": "Français",
    "ja": "日本語",
    "pt-BR": "Português do Brasil",
    "vi": "Tiếng Việt",
}
"""What can be spoken: Discord's locale → the language's own name."""
TRANSLATED: Mapping[str, str] = {
    "de": "de",
    "es-ES": "es",
    "es-419": "es",
    "fr": "fr",
    "ja": "ja",
    "pt-BR": "pt_BR",
    "vi": "vi",
}
"""Discord's locale → the catalogue's folder.

Source of the codes: discord-api-docs, reference.mdx, Locales.
"""


class _Marks(NamedTuple):
    """How a language writes numbers."""

    group: str
    """Between thousands."""
    decimal: str
    least: int = 1
    """Digits before the first group, or none is set apart: 2 leaves four digits together."""
    percent: str = "%"


_ENGLISH = _Marks(",", ".")
_MARKS: Mapping[str, _Marks] = {
    "de": _Marks(".", ",", percent="\N{NO-BREAK SPACE}%"),
    "es": _Marks(".", ",", least=2, percent="\N{NO-BREAK SPACE}%"),
    "fr": _Marks("\N{NARROW NO-BREAK SPACE}", ",", percent="\N{NO-BREAK SPACE}%"),
    "ja": _ENGLISH,
    "pt_BR": _Marks(".", ","),
    "vi": _Marks(".", ","),
}
"""By the catalogue's folder. From Unicode's CLDR, which Babel has too, in 30 MB: no library for a
Lambda. The tests compare this with Babel's."""

COMMAND_NAME, OPTION_NAME = "command name", "option name"
"""Message contexts (gettext's msgctxt) of what users type, which Discord wants in lower case."""
DOMAIN = "utilsbot"
FOLDER = os.path.join(os.path.dirname(__file__), "translations")

_catalogues: "dict[str, NullTranslations | None]" = {}
_speaking: "ContextVar[NullTranslations | None]" = ContextVar("speaking", default=None)
_marks: ContextVar[_Marks] = ContextVar("marks", default=_ENGLISH)


def language_of(locale: str | None) -> str:
    """The language, one of LANGUAGES, in which to answer somebody whose Discord speaks `locale`."""
    if locale in LANGUAGES:
        return str(locale)
    folder = TRANSLATED.get(locale or "", "")
    return next((known for known in LANGUAGES if TRANSLATED.get(known) == folder), DEFAULT)


def speak(locale: str | None) -> None:
    """Chooses the language of everything that this invocation says from now on."""
    folder = TRANSLATED.get(locale or DEFAULT, "")
    _speaking.set(_catalogue(folder))
    _marks.set(_MARKS.get(folder, _ENGLISH))


def _(text: str) -> str:
    """A text in the chosen language."""
    catalogue = _speaking.get()
    return catalogue.gettext(text) if catalogue and text else text


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a text that goes with a number; `count` is filled in by the caller."""
    catalogue = _speaking.get()
    if catalogue:
        return catalogue.ngettext(one, many, count)
    return one if count == 1 else many


def pgettext(context: str, text: str) -> str:
    """A text in the chosen language, told apart by a context: COMMAND_NAME or OPTION_NAME."""
    catalogue = _speaking.get()
    return catalogue.pgettext(context, text) if catalogue and text else text


def number(value: float, decimals: int = 0) -> str:
    """A number as the chosen language writes it: `1,234.5`, `1.234,5`, `1234,5`.

    Args:
        value: whole numbers of any size are exact.
        decimals: digits behind the decimal mark, rounded to.
    """
    marks = _marks.get()
    exact = isinstance(value, int) and not decimals
    text = f"{value:,}" if exact else f"{value:,.{decimals}f}"
    whole, _point, rest = text.partition(".")
    if len(whole.lstrip("-")) < len("1,234") + marks.least - 1:
        whole = whole.replace(",", "")
    return whole.replace(",", marks.group) + (rest and marks.decimal + rest)


def percent(share: float, decimals: int = 0) -> str:
    """A share of one in percent, as `number`: `12.5%`, `12,5 %`."""
    return number(100 * share, decimals) + _marks.get().percent


def N_(text: str) -> str:  # noqa: N802 - the name that gettext's tools know
    """Marks a constant for the catalogues; translate it where it is used."""
    return text


def translated(locale: str, text: str, context: str | None = None) -> str | None:
    """A text in a language, whatever is spoken; None where it has no translation of its own.

    Args:
        locale: Discord's.
        text: as it stands in the code.
        context: COMMAND_NAME or OPTION_NAME for names.
    """
    catalogue = _catalogue(TRANSLATED.get(locale, ""))
    if catalogue is None or not text:
        return None
    found = catalogue.pgettext(context, text) if context else catalogue.gettext(text)
    return found if found != text else None


def _catalogue(folder: str) -> "NullTranslations | None":
    """The catalogue of a folder, read when it is first needed; None of none, which is English."""
    if not folder:
        return None
    if folder not in _catalogues:
        from gettext import translation  # an English answer does not pay for it

        _catalogues[folder] = translation(DOMAIN, FOLDER, [folder], fallback=True)
    return _catalogues[folder]
