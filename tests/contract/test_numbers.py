"""Numbers that users read are written as their language writes them: by utilsbot.i18n.number."""

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from babel.numbers import format_decimal, format_percent

from scripts.messages import CODE, ROOT
from utilsbot.discord.messages import size
from utilsbot.i18n import LANGUAGES, TRANSLATED, number, percent, speak

_ENGLISH_ONLY = re.compile(r",|\.\d+[fF%]|%$")
"""Format specs that group or point as English does."""
_IN_BRACES = re.compile(r"\{[a-z_0-9]*:([^{}]*)\}")
_EXCEPTIONS = {
    "layers/common/utilsbot/i18n.py": "this is `number` itself",
    "functions/network/commands/ip.py": "coordinates in a URL",
    "functions/system/chart.py": "drawn, and its words are English too",
}
_IN_SPECS = {
    "functions/tools/commands/qr.py": "the English text of a spec, which each language translates"
}
each_language = pytest.mark.parametrize("language", list(LANGUAGES))
_VALUES = (0, 1, 999, 1000, 1234, 9999, 10_000, 123_456, 1_234_567, 10**20)
_FRACTIONS = (0.0, 0.04, 0.345, 12.5, 999.96, 1234.56, 9999.94, 9999.96, 1234567.891)


def _formats(path: Path) -> Iterator[tuple[int, str]]:
    """Every format spec of a module with its line: of f-strings, format() and str.format."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            yield node.lineno, ast.unparse(node.format_spec)[2:-1]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((node.lineno, spec) for spec in _IN_BRACES.findall(node.value))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "format":
            yield from ((node.lineno, str(ast.literal_eval(spec))) for spec in node.args[1:])


def _english_ones(path: Path) -> list[int]:
    return [line for line, spec in _formats(path) if _ENGLISH_ONLY.search(spec)]


def test_no_number_is_written_the_english_way_only() -> None:
    """12,345 is some twelve to a German: `number` knows what to write, an f-string does not."""
    files = [path for folder in CODE for path in sorted(folder.rglob("*.py"))]
    found = {str(path.relative_to(ROOT)): _english_ones(path) for path in files}
    allowed = {**_EXCEPTIONS, **_IN_SPECS}

    assert {path: lines for path, lines in found.items() if lines and path not in allowed} == {}
    assert [path for path in allowed if not found[path]] == [], "no exception any more"


@pytest.mark.parametrize("path", list(_IN_SPECS))
def test_specs_alone_are_the_exception_in_their_modules(path: str) -> None:
    """A spec is made when its module is read, in no language; everything after it speaks."""
    (spec,) = [
        node
        for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
    ]

    assert all(spec.lineno <= line <= (spec.end_lineno or 0) for line in _english_ones(ROOT / path))


def _by_babel(value: float, decimals: int, folder: str) -> str:
    digits = "0" * decimals
    text = format_decimal(value, f"#,##0.{digits}" if digits else "#,##0", locale=folder)
    if folder == "es":  # Babel does not know CLDR's minimumGroupingDigits, which is 2 in Spanish
        text = re.sub(r"^(-?\d)\.(\d{3})(?=,|$)", r"\1\2", text)
    return text


@each_language
def test_whole_numbers_are_as_in_cldr(language: str) -> None:
    """Babel has CLDR's data, which is too large for a Lambda; ours is as good."""
    folder = TRANSLATED.get(language, "en_US")
    speak(language)

    for value, sign in product(_VALUES, (1, -1)):
        assert number(sign * value) == _by_babel(sign * value, 0, folder)


@each_language
@pytest.mark.parametrize("decimals", [1, 2, 4])
def test_fractions_are_as_in_cldr(language: str, decimals: int) -> None:
    """Rounded first, so that 9999.96 has five digits before the mark."""
    folder = TRANSLATED.get(language, "en_US")
    speak(language)

    for value, sign in product(_FRACTIONS, (1, -1)):
        given = sign * value
        assert number(given, decimals) == _by_babel(given, decimals, folder)


@each_language
def test_percentages_are_as_in_cldr(language: str) -> None:
    """With the space that German, Spanish and French put before the sign."""
    folder = TRANSLATED.get(language, "en_US")
    speak(language)

    assert percent(0.125, 1) == format_percent(0.125, locale=folder, decimal_quantization=False)
    assert percent(1) == format_percent(1, locale=folder)


def test_sizes_of_files_too() -> None:
    """Without a fraction where there is none."""
    speak("de")

    assert [size(1536), size(2048), size(5 * 1024**2)] == ["1,5 KiB", "2 KiB", "5 MiB"]


def test_spanish_leaves_four_digits_together() -> None:
    """As CLDR's minimumGroupingDigits has it, and the Academia: 1234, but 12.345."""
    speak("es-ES")

    assert [number(1234), number(-9999), number(12345)] == ["1234", "-9999", "12.345"]


def test_a_language_without_a_catalogue_is_answered_in_english_numbers() -> None:
    """As its texts are."""
    speak("pl")

    assert number(1234.5, 1) == "1,234.5"
