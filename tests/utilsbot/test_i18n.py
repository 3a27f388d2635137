"""Choosing and speaking a language."""

import pytest

from utilsbot.i18n import LANGUAGES, TRANSLATED, _, language_of, ngettext, speak, translated


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("es-419", "es-ES"), ("en-GB", "en-US"), ("pl", "en-US"), (None, "en-US")],
)
def test_a_locale_gets_the_nearest_language(locale: str | None, language: str) -> None:
    """Latin America's Spanish is Spanish; what nobody translated is English."""
    assert language_of(locale) == language


def test_texts_are_spoken_in_the_chosen_language() -> None:
    """From `speak` on; texts that nobody knows stay as they are."""
    assert _("Not available") == "Not available"
    speak("de")

    assert _("Not available") == "Nicht verfügbar"
    assert _("no such text") == "no such text"
    assert _("") == ""
    assert translated("fr", "Not available") == "Indisponible"


@pytest.mark.parametrize("locale", TRANSLATED)
def test_each_locale_has_its_catalogue(locale: str) -> None:
    """By Discord's own code, which names no folder of gettext's for some: es-ES, es-419, pt-BR."""
    speak(locale)

    assert translated(locale, "Not available") == _("Not available") != "Not available"


def test_plurals_follow_the_language() -> None:
    """French says one thing for zero where English says the other."""
    one, many = "{count} byte", "{count} bytes"
    assert [ngettext(one, many, count) for count in (0, 1)] == [many, one]
    speak("fr")

    assert ngettext(one, many, 0) == ngettext(one, many, 1)


def test_every_language_has_a_name_and_a_catalogue() -> None:
    """What can be chosen can be spoken."""
    for locale in LANGUAGES:
        speak(locale)
        assert locale == "en-US" or _("Not available") != "Not available"
    assert set(TRANSLATED) - {"es-419"} == set(LANGUAGES) - {"en-US"}
