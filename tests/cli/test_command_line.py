"""cli.command_line: what `utilsbot send` understands."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.command_line import BadCommandLine, read_command_line, split_options

COMMANDS: list[dict[str, Any]] = [
    {
        "type": 1,
        "name": "hash",
        "description": "Digest",
        "options": [
            {"type": 3, "name": "text", "description": "Text"},
            {
                "type": 3,
                "name": "algorithm",
                "description": "Which",
                "choices": [
                    {"name": "SHA-256", "value": "sha256"},
                    {"name": "MD5", "value": "md5"},
                ],
            },
            {"type": 11, "name": "file", "description": "File"},
            {"type": 5, "name": "private", "description": "Only you"},
            {"type": 4, "name": "rounds", "description": "How often"},
            {"type": 6, "name": "user", "description": "Whose"},
        ],
    },
    {
        "type": 1,
        "name": "qr",
        "description": "Codes",
        "options": [
            {
                "type": 1,
                "name": "create",
                "description": "Draw",
                "options": [{"type": 3, "name": "text", "description": "Text", "required": True}],
            },
            {"type": 1, "name": "read", "description": "Read", "options": []},
        ],
    },
    {"type": 3, "name": "Who wrote this"},
]


def test_a_value_runs_until_the_next_option() -> None:
    """Values need no quotes, whatever spaces and colons they hold."""
    read = read_command_line("/hash text:hello: world algorithm:sha256", COMMANDS)

    assert read.name == "hash"
    assert read.options == [
        {"type": 3, "name": "text", "value": "hello: world"},
        {"type": 3, "name": "algorithm", "value": "sha256"},
    ]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('/hash text:"a algorithm:md5 b" algorithm:md5', "a algorithm:md5 b"),
        ("/hash text:'single quotes'", "single quotes"),
        (r'/hash text:"with \"quotes\" inside"', 'with "quotes" inside'),
        ('/hash text:"only" the first word', '"only" the first word'),
        ("hash text:without a slash", "without a slash"),
        ("/hash text: a space first", "a space first"),
    ],
)
def test_quotes_keep_option_names_in_a_value(line: str, value: str) -> None:
    """Quotes around a whole value are taken off; elsewhere they are text."""
    assert value == read_command_line(line, COMMANDS).options[0]["value"]


def test_values_get_their_types() -> None:
    """Choices by name or value, booleans, whole numbers, mentions."""
    line = "/hash algorithm:MD5 private:yes rounds:3 user:<@300000000000000001>"

    values = [option["value"] for option in read_command_line(line, COMMANDS).options]

    assert values == ["md5", True, 3, "300000000000000001"]


def test_a_subcommand_holds_its_options() -> None:
    """Options of a subcommand are nested, as interactions carry them."""
    nested = [{"type": 3, "name": "text", "value": "hi"}]

    read = read_command_line("/qr create text:hi", COMMANDS)

    assert [{"type": 1, "name": "create", "options": nested}] == read.options


@pytest.mark.parametrize("by_line", [True, False])
def test_a_file_fills_an_attachment_option(tmp_path: Path, by_line: bool) -> None:
    """By `file:path` or by --attach; the option holds the upload's part name."""
    path = tmp_path / "a.txt"
    path.write_text("hi")
    line = f"/hash file:{path}" if by_line else "/hash"

    read = read_command_line(line, COMMANDS, [] if by_line else [path])

    assert {"file0": path} == read.files
    assert read.options == [{"type": 11, "name": "file", "value": "file0"}]


@pytest.mark.parametrize("typed", ["code.png", "./code.png", '"a b.png"', "~/code.png"])
def test_a_path_is_found_as_a_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    """From the working directory or the home folder, as the help's examples have it."""
    for name in ("code.png", "a b.png"):
        (tmp_path / name).write_bytes(b"png")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    (path,) = read_command_line(f"/hash file:{typed}", COMMANDS).files.values()

    assert path.read_bytes() == b"png"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/hsah text:a", "did you mean /hash?"),
        ("/", "there are /hash, /qr"),
        ("/hash txt:a", "did you mean text?"),
        ("/hash hello", "'hello' is no option"),
        ("/hash text:a text:b", "given twice"),
        ("/hash algorithm:crc", "one of SHA-256, MD5"),
        ("/hash rounds:many", "a whole number"),
        ("/hash private:perhaps", "true or false"),
        ("/hash user:ada", "an id or a mention"),
        ("/hash file:/does/not/exist", "is none"),
        ("/qr", "needs a subcommand: /qr create, /qr read"),
        ("/qr create", "the option text is needed"),
        ("/qr read text:a", "the command has no options"),
        ("/Who wrote this", "there is no command /Who"),
    ],
)
def test_what_the_catalog_does_not_know_is_explained(line: str, says: str) -> None:
    """Every refusal says what would be right."""
    with pytest.raises(BadCommandLine, match=r".") as caught:
        read_command_line(line, COMMANDS)

    assert says in str(caught.value)


def test_a_file_too_many_is_refused(tmp_path: Path) -> None:
    """No upload is dropped silently."""
    path = tmp_path / "a.txt"
    path.write_text("hi")

    with pytest.raises(BadCommandLine, match="no option is left"):
        read_command_line("/hash", COMMANDS, [path, path])


@given(
    st.dictionaries(st.sampled_from(["text", "algorithm", "to"]), st.text(max_size=30), min_size=1)
)
def test_quoted_values_survive(values: dict[str, str]) -> None:
    """Any text can be passed in double quotes with backslashes before quotes and backslashes."""
    quoted = {k: v.replace("\\", "\\\\").replace('"', '\\"') for k, v in values.items()}
    line = " ".join(f'{name}:"{value}"' for name, value in quoted.items())

    assert list(values.items()) == split_options(line, ["text", "algorithm", "to"])


@given(st.text(), st.lists(st.sampled_from(["text", "to"]), unique=True))
def test_no_line_crashes_the_parser(line: str, names: list[str]) -> None:
    """Anything is either options or a BadCommandLine."""
    with suppress(BadCommandLine):
        split_options(line, names)


GERMAN: list[dict[str, Any]] = [
    {
        "type": 1,
        "name": "hash",
        "name_localizations": {"de": "prüfsumme"},
        "description": "Digest",
        "options": [
            {"type": 3, "name": "text", "description": "Text"},
            {
                "type": 3,
                "name": "kind",
                "name_localizations": {"de": "art"},
                "description": "Which",
                "choices": [
                    {"name": "Long", "name_localizations": {"de": "Lang"}, "value": "sha512"}
                ],
            },
        ],
    },
    {
        "type": 1,
        "name": "qr",
        "description": "Codes",
        "options": [
            {
                "type": 1,
                "name": "create",
                "name_localizations": {"de": "erstellen"},
                "description": "Draw",
                "options": [],
            }
        ],
    },
]


@pytest.mark.parametrize(
    "line",
    [
        "/prüfsumme text:hallo art:Lang",
        "/hash text:hallo kind:Long",
        "/prüfsumme art:sha512 text:hallo",
    ],
)
def test_names_of_a_language_are_understood_beside_the_own(line: str) -> None:
    """What is sent is always the own name and value."""
    read = read_command_line(line, GERMAN, locale="de")

    assert read.name == "hash"
    assert read.options == [
        {"type": 3, "name": "text", "value": "hallo"},
        {"type": 3, "name": "kind", "value": "sha512"},
    ]


def test_a_subcommand_has_names_of_a_language_too() -> None:
    """The interaction carries its own one."""
    read = read_command_line("/qr erstellen", GERMAN, locale="de")

    assert read.options == [{"type": 1, "name": "create", "options": []}]


def test_without_a_language_only_the_own_names_are_known() -> None:
    """As `utilsbot send` without --locale."""
    with pytest.raises(BadCommandLine, match="no command /prüfsumme"):
        read_command_line("/prüfsumme text:hallo", GERMAN)


def test_an_option_by_both_its_names_is_given_twice() -> None:
    """One of them would be lost else."""
    with pytest.raises(BadCommandLine, match="the option kind is given twice"):
        read_command_line("/hash art:Lang kind:Long", GERMAN, locale="de")
