"""The catalogues of translations: complete, current, and with every placeholder in its place."""

import ast
import re
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from scripts.messages import (
    CODE,
    KEYWORDS,
    ROOT,
    languages,
    merged,
    missing,
    path_of,
    read,
    template,
)
from utilsbot.i18n import COMMAND_NAME, OPTION_NAME

_CATALOGUES = {language: read(language) for language in languages()}
_TEMPLATE = template()
_TIMES_AND_MENTIONS = re.compile(r"<[@#t:/][^>]*>|</[^>]*>")
_MARKS = ("**", "`", "||")
each_language = pytest.mark.parametrize("language", languages())


def _ids(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalog if message.id}


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _pairs(message: Message) -> list[tuple[str, str]]:
    """Each form of a translation with the English one that it stands for."""
    english = message.id if isinstance(message.id, str) else message.id[-1]
    own = message.string
    forms = [own] if isinstance(own, str) else list(own or ())
    return [(english, form) for form in forms]


def test_no_text_is_marked_inside_an_f_string() -> None:
    """Babel does not find it there on Python 3.11, where an f-string is one token."""
    unseen = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)}"
        for folder in CODE
        for path in sorted(folder.rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in KEYWORDS
        and any(isinstance(given, ast.Constant) for given in call.args)
    ]
    assert unseen == []


@each_language
def test_nothing_is_missing(language: str) -> None:
    """Every text that users can read has a translation; `make messages` lists what has none."""
    catalogue = _CATALOGUES[language]

    assert _ids(catalogue) == _ids(_TEMPLATE)
    assert [message.id for message in missing(catalogue)] == []


@each_language
def test_the_compiled_catalogue_is_current(language: str) -> None:
    """What Python reads is what the translators wrote."""
    compiled = BytesIO()
    write_mo(compiled, merged(language))

    assert compiled.getvalue() == path_of(language, "mo").read_bytes()


@each_language
def test_placeholders_survive(language: str) -> None:
    """A translation fills in what the English text fills in, and nothing else."""
    wrong = [
        (english, own)
        for message in _CATALOGUES[language]
        if message.id and message.context is None
        for english, own in _pairs(message)
        if not _required(english, message) <= _fields(own) <= _fields(english)
    ]
    assert wrong == []


def _required(english: str, message: Message) -> set[str | None]:
    """What a form must name: a plural's may leave out the number ("one byte")."""
    return _fields(english) - ({"count"} if isinstance(message.id, tuple | list) else set())


@each_language
def test_marks_survive(language: str) -> None:
    """Markdown that opens also closes, and code, times and mentions stay as they are."""
    for message in _CATALOGUES[language]:
        if not message.id or message.context:
            continue
        for english, own in _pairs(message):
            for mark in _MARKS:
                assert english.count(mark) % 2 == own.count(mark) % 2, own
            assert sorted(_TIMES_AND_MENTIONS.findall(english)) == sorted(
                _TIMES_AND_MENTIONS.findall(own)
            ), own


@each_language
def test_typed_names_are_discords_form(language: str) -> None:
    """A localised name of a slash command, subcommand or option is one that can be typed."""
    for message in _CATALOGUES[language]:
        if message.context == OPTION_NAME or (
            message.context == COMMAND_NAME and str(message.id) == str(message.id).lower()
        ):
            name = str(message.string)
            assert name == name.lower(), name
            assert re.fullmatch(r"[-_'\w]{1,32}", name), name
