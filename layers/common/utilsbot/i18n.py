"""The bot's words in the reader's language: GNU gettext, with catalogues that Babel compiles.

Texts are written in English where they are used, marked by `_("…")` or `ngettext`, and constants by
`N_`. They are translated into the language that `speak` chose for this invocation; one that has no
translation stays English. `make messages` keeps the catalogues; docs/decisions/0008.
"""

import os.path
from collections.abc import Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING

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
COMMAND_NAME, OPTION_NAME = "command name", "option name"
"""Message contexts (gettext's msgctxt) of what users type, which Discord wants in lower case."""
DOMAIN = "utilsbot"
FOLDER = os.path.join(os.path.dirname(__file__), "translations")

_catalogues: "dict[str, NullTranslations | None]" = {}
_speaking: "ContextVar[NullTranslations | None]" = ContextVar("speaking", default=None)


def language_of(locale: str | None) -> str:
    """The language, one of LANGUAGES, in which to answer somebody whose Discord speaks `locale`."""
    if locale in LANGUAGES:
        return str(locale)
    folder = TRANSLATED.get(locale or "", "")
    return next((known for known in LANGUAGES if TRANSLATED.get(known) == folder), DEFAULT)


def speak(locale: str | None) -> None:
    """Chooses the language of everything that this invocation says from now on."""
    _speaking.set(_catalogue(locale or DEFAULT))


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
    catalogue = _catalogue(locale)
    if catalogue is None or not text:
        return None
    found = catalogue.pgettext(context, text) if context else catalogue.gettext(text)
    return found if found != text else None


def _catalogue(locale: str) -> "NullTranslations | None":
    """A locale's catalogue, read when it is first needed; None for English."""
    folder = TRANSLATED.get(locale)
    if folder is None:
        return None
    if locale not in _catalogues:
        from gettext import translation  # an English answer does not pay for it

        _catalogues[locale] = translation(DOMAIN, FOLDER, [folder], fallback=True)
    return _catalogues[locale]
