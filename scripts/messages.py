"""Keeps the catalogues of the bot's texts: extracts, merges and compiles them. `make messages`.

Texts come from the marked ones in the code (utilsbot.i18n) and from every command's spec, which is
written once and needs no marks. `--missing [LANGUAGE]` lists what has no translation.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from functions.catalog import CATALOG
from utilsbot.i18n import COMMAND_NAME, DOMAIN, FOLDER, OPTION_NAME, TRANSLATED
from utilsbot.spec import Command, CommandType, Option, Subcommand, private_option

ROOT = Path(__file__).parents[1]
CODE = (ROOT / "functions", ROOT / "layers" / "common" / "utilsbot")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "ngettext": (1, 2)}
LOWER = "Discord: 1 to 32 letters, digits, - or _, in lower case, without spaces"
NAME = "Discord: 1 to 32 characters, shown in a menu"
SUMMARY = "Discord: 1 to 100 characters"
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # or every run would change every file


class Text(NamedTuple):
    """One text to translate."""

    id: str | tuple[str, str]
    """With its plural, if it has one."""
    context: str | None = None
    comments: tuple[str, ...] = ()
    place: str = ""


def languages() -> list[str]:
    """The catalogues' folders."""
    return sorted(set(TRANSLATED.values()))


def path_of(language: str, suffix: str = "po") -> Path:
    """A language's catalogue; suffix `mo`: the compiled one."""
    return Path(FOLDER) / language / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"


def texts() -> Iterator[Text]:
    """Everything that users can read."""
    for folder in CODE:
        found = extract_from_dir(
            str(folder), [("**.py", "python")], {}, KEYWORDS, comment_tags=("i18n:",)
        )
        for name, _, message, comments, _ in found:
            place = str((folder / name).relative_to(ROOT))
            yield Text(message, None, tuple(comments), place)
    for command in CATALOG:
        place = f"functions/{command.group}/commands/{command.spec.slug}.py"
        for text in _of_command(command.spec):
            yield text._replace(place=place)


def _of_command(spec: Command) -> Iterator[Text]:
    lower = spec.type is CommandType.CHAT_INPUT
    yield Text(spec.name, COMMAND_NAME, (LOWER if lower else NAME,))
    yield Text(spec.summary, None, (SUMMARY,))
    if spec.help:
        yield Text(spec.help)
    for sub in spec.subcommands:
        yield from _of_subcommand(sub)
    for option in (*spec.options, *_added(spec)):
        yield from _of_option(option)


def _of_subcommand(sub: Subcommand) -> Iterator[Text]:
    yield Text(sub.name, COMMAND_NAME, (LOWER,))
    yield Text(sub.summary, None, (SUMMARY,))
    for option in sub.options:
        yield from _of_option(option)


def _added(spec: Command) -> Iterator[Option]:
    for visibility in (spec.visibility, *(sub.visibility for sub in spec.subcommands)):
        if visibility and visibility.has_option:
            yield private_option(visibility)


def _of_option(option: Option) -> Iterator[Text]:
    yield Text(option.name, OPTION_NAME, (LOWER,))
    yield Text(option.summary, None, (SUMMARY,))
    for choice in option.choices:
        yield Text(choice.name, None, ("Discord: 1 to 100 characters, a choice",))


def template() -> Catalog:
    """All texts, untranslated, in the order of their places."""
    catalog = Catalog(
        project="UtilsBot+",
        version="1",
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        fuzzy=False,
    )
    for text in sorted(texts(), key=lambda text: (text.place, str(text.context or ""))):
        catalog.add(
            text.id,
            context=text.context,
            auto_comments=text.comments,
            locations=[(text.place, None)],  # type: ignore[list-item]
        )
    return catalog


def read(language: str) -> Catalog:
    """A language's catalogue as it is; an empty one if there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(language, creation_date=_NO_DATE, revision_date=_NO_DATE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merged(language: str) -> Catalog:
    """A language's catalogue with the texts of today: new ones empty, gone ones removed."""
    catalog = read(language)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.creation_date = catalog.revision_date = _NO_DATE
    catalog.last_translator = "the developers of UtilsBot+"
    catalog.language_team = language
    return catalog


def missing(catalog: Catalog) -> list[Message]:
    """The texts that have no translation, or not every form of it."""
    return [
        message for message in catalog if message.id and (not all(_forms(message)) or message.fuzzy)
    ]


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def save(language: str, catalog: Catalog) -> None:
    """Writes a catalogue, and compiles it for Python's gettext."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, include_lineno=False)
    with path_of(language, "mo").open("wb") as file:
        write_mo(file, catalog)


def main() -> None:
    """Brings every catalogue up to date, or lists what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--missing", nargs="?", const="", metavar="LANGUAGE")
    wanted = parser.parse_args().missing
    lacking = 0
    for language in languages():
        catalog = merged(language)
        if wanted is None:
            save(language, catalog)
        todo = missing(catalog)
        lacking += len(todo)
        print(f"{language}: {len(catalog)} texts, {len(todo)} without a translation")  # noqa: T201
        if wanted in {"", language}:
            for message in todo:
                print(f"  {message.context or '-'}: {message.id!r}")  # noqa: T201
    sys.exit(1 if lacking else 0)


if __name__ == "__main__":
    main()
