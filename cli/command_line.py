"""Reads a slash command as a user types it: `/hash text:hello world algorithm:sha256`.

An option's value runs until the next ` name:` of an option of the command; quotes keep those in.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SUB_COMMAND, _GROUP = 1, 2
_STRING, _INTEGER, _BOOLEAN, _NUMBER, _ATTACHMENT = 3, 4, 5, 10, 11
_MENTION = re.compile(r"<(?:@[!&]?|#)(\d+)>")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class BadCommandLine(ValueError):
    """The catalog does not know such a command line; the message says what would be right."""


@dataclass(frozen=True)
class CommandLine:
    """A command with its options, as an interaction carries them."""

    name: str
    options: list[dict[str, Any]]
    files: Mapping[str, Path] = field(default_factory=dict)
    """Uploads by the part name that their options hold."""


def read_command_line(
    text: str,
    commands: Iterable[Mapping[str, Any]],
    attached: Sequence[Path] = (),
    locale: str | None = None,
) -> CommandLine:
    """The command of a line.

    Args:
        text: as typed, with or without the slash.
        commands: Discord's registration JSON.
        attached: files for the attachment options that the line does not fill, in their order.
        locale: whose names are understood beside those that are sent; they go first.

    Raises:
        BadCommandLine: no such command, subcommand or option, or a value of another type.
    """
    slash = _by_name((c for c in commands if c.get("type", 1) == 1), locale)
    name, rest = _word(text.strip().removeprefix("/"))
    if name not in slash:
        raise BadCommandLine(f"there is no command /{name}{_hint(name, slash, '/')}")
    declared = slash[name].get("options", [])
    path: list[tuple[int, str]] = []
    while subcommands := _by_name(
        (o for o in declared if o["type"] in {_SUB_COMMAND, _GROUP}), locale
    ):
        word, rest = _word(rest)
        if word not in subcommands:
            full = " ".join([f"/{name}", *(part for _, part in path)])
            listed = ", ".join(f"{full} {sub}" for sub in subcommands)
            raise BadCommandLine(f"{full} needs a subcommand: {listed}")
        chosen = subcommands[word]
        path.append((chosen["type"], str(chosen["name"])))
        declared = chosen.get("options", [])
    options, files = _read_options(rest, declared, attached, locale)
    for kind, word in reversed(path):
        options = [{"type": kind, "name": word, "options": options}]
    return CommandLine(str(slash[name]["name"]), options, files)


def _by_name(
    parts: Iterable[Mapping[str, Any]], locale: str | None
) -> dict[str, Mapping[str, Any]]:
    """Parts of commands by what they are called, in a language and as they are sent."""
    named = list(parts)
    own = {str(part["name"]): part for part in named}
    return own | {_localised(part, locale): part for part in named}


def _localised(part: Mapping[str, Any], locale: str | None) -> str:
    return str((part.get("name_localizations") or {}).get(locale) or part["name"])


def _word(text: str) -> tuple[str, str]:
    word, _, rest = text.lstrip().partition(" ")
    return word, rest.strip()


def _hint(word: str, known: Iterable[str], prefix: str = "") -> str:
    near = difflib.get_close_matches(word, list(known), n=3, cutoff=0.5)
    if near:
        return "; did you mean " + " or ".join(f"{prefix}{name}" for name in near) + "?"
    return "; there are " + ", ".join(f"{prefix}{name}" for name in sorted(known))


def _read_options(
    text: str, declared: Sequence[Mapping[str, Any]], attached: Sequence[Path], locale: str | None
) -> tuple[list[dict[str, Any]], dict[str, Path]]:
    known = _by_name(declared, locale)
    given: dict[str, str] = {}
    for typed, value in split_options(text, list(known)):
        if (name := str(known[typed]["name"])) in given:
            raise BadCommandLine(f"the option {name} is given twice")
        given[name] = value
    options: list[dict[str, Any]] = []
    files: dict[str, Path] = {}
    spare = list(attached)
    for option in declared:
        name = str(option["name"])
        raw = given.get(name)
        if option["type"] == _ATTACHMENT:
            path = Path(raw).expanduser() if raw is not None else spare.pop(0) if spare else None
            sent: Any = _attach(name, path, files) if path else None
        else:
            sent = None if raw is None else _value(option, raw, locale)
        if sent is not None:
            options.append({"type": option["type"], "name": name, "value": sent})
        elif option.get("required"):
            raise BadCommandLine(f"the option {name} is needed: {option['description']}")
    if spare:
        raise BadCommandLine(f"no option is left that takes the file {spare[0]}")
    return options, files


def split_options(text: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """The options of a line with their values as text.

    Raises:
        BadCommandLine: it starts with something that is no option, or names one twice.
    """
    found: list[tuple[str, str]] = []
    rest = text.strip()
    while rest:
        name, colon, after = rest.partition(":")
        if not colon or name not in names:
            word = name.split()[0] if name.split() else name
            hint = _hint(word, names) if names else "; the command has no options"
            raise BadCommandLine(f"{word!r} is no option{hint}")
        if name in dict(found):
            raise BadCommandLine(f"the option {name} is given twice")
        value, rest = _value_and_rest(after, names)
        found.append((name, value))
    return found


def _value_and_rest(text: str, names: Sequence[str]) -> tuple[str, str]:
    stripped = text.lstrip()
    quoted = re.match(r'"((?:[^"\\]|\\.)*)"(?=\s|$)|\'([^\']*)\'(?=\s|$)', stripped, re.DOTALL)
    if quoted and _starts_option(stripped[quoted.end() :].lstrip(), names):
        double, single = quoted.groups()
        value = re.sub(r'\\(["\\])', r"\1", double) if double is not None else single
        return value, stripped[quoted.end() :].strip()
    following = "|".join(re.escape(name) for name in names)
    end = re.search(rf"\s(?:{following}):", text)
    return (text[: end.start()].strip(), text[end.start() :].strip()) if end else (text.strip(), "")


def _starts_option(text: str, names: Sequence[str]) -> bool:
    """Whether a quoted value really ends here: another option or nothing follows."""
    return not text or text.partition(":")[0] in names


def _attach(name: str, path: Path, files: dict[str, Path]) -> str:
    if not path.is_file():
        raise BadCommandLine(f"the option {name} takes a file, and {path} is none")
    part = f"file{len(files)}"
    files[part] = path
    return part


def _value(option: Mapping[str, Any], raw: str, locale: str | None) -> Any:
    name, kind, choices = option["name"], option["type"], option.get("choices")
    if choices:
        return _choice(name, raw, choices, locale)
    try:
        if kind == _INTEGER:
            return int(raw)
        if kind == _NUMBER:
            return float(raw)
        if kind == _BOOLEAN:
            return _WORDS[raw.lower()]
    except (ValueError, KeyError):
        wanted = {_INTEGER: "a whole number", _NUMBER: "a number", _BOOLEAN: "true or false"}[kind]
        raise BadCommandLine(f"{name} should be {wanted}, not {raw!r}") from None
    if kind == _STRING:
        return raw
    mention = _MENTION.fullmatch(raw)
    digits = mention[1] if mention else raw
    if not (digits.isascii() and digits.isdecimal()):
        raise BadCommandLine(f"{name} should be an id or a mention, not {raw!r}")
    return digits


def _choice(name: str, raw: str, choices: Sequence[Mapping[str, Any]], locale: str | None) -> Any:
    for choice in choices:
        names = (_localised(choice, locale), choice["name"], choice["value"])
        if raw.lower() in {str(text).lower() for text in names}:
            return choice["value"]
    listed = ", ".join(_localised(choice, locale) for choice in choices)
    raise BadCommandLine(f"{name} should be one of {listed}; not {raw!r}")
