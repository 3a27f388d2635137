"""local.discord: messages, components, modals and commands that Discord refuses."""

from typing import Any

import pytest

from local.discord.callbacks import RESPONSE_FLAGS
from local.discord.commands import Commands
from local.discord.form import Problems, Refusal
from local.discord.messages import EPHEMERAL, V2, check_message
from local.discord.modals import check_modal
from local.discord.state import State
from local.discord.world import World
from local.multipart import Part

BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "a"}
SELECT = {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}


def _row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def _check(body: Any, files: list[Part] | None = None, limit: int = 100) -> None:
    check_message(body, files or [], v2=False, allowed_flags=RESPONSE_FLAGS, file_limit_bytes=limit)


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"content": " " + "x" * 2000 + "\n"},
        {"embeds": [{"title": "t" * 256, "description": "d" * 4096}]},
        {"embeds": [{"image": {"url": "attachment://a.png"}}]},
        {"components": [_row(BUTTON), _row(SELECT)]},
        {"content": None, "embeds": None},
        {"flags": V2, "components": [{"type": 10, "content": "x" * 4000}]},
        {"flags": EPHEMERAL, "allowed_mentions": {"parse": []}},
    ],
)
def test_what_discord_accepts_passes(body: Any) -> None:
    """Each limit's last good value; lengths are measured after trimming."""
    _check(body)


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, ("content",), "BASE_TYPE_MAX_LENGTH"),
        ({"content": 5}, ("content",), "STRING_TYPE_CONVERT"),
        ({"embeds": [{"title": "x" * 257}]}, ("embeds", "0", "title"), "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{}]}, ("embeds", "0", "description"), "BASE_TYPE_REQUIRED"),
        ({"embeds": [{"title": "t"}] * 11}, ("embeds",), "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 3001}] * 2}, ("embeds",), "MAX_EMBED_SIZE_EXCEEDED"),
        (
            {"embeds": [{"title": "t", "fields": [{"name": "n", "value": "v" * 1025}]}]},
            ("embeds", "0", "fields", "0", "value"),
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"embeds": [{"title": "t", "color": 0x1000000}]},
            ("embeds", "0", "color"),
            "NUMBER_TYPE_MAX",
        ),
        (
            {"embeds": [{"title": "t", "url": "ftp://x"}]},
            ("embeds", "0", "url"),
            "URL_TYPE_INVALID_SCHEME",
        ),
        ({"components": [_row(BUTTON)] * 6}, ("components",), "BASE_TYPE_BAD_LENGTH"),
        (
            {"components": [_row(BUTTON, BUTTON)]},
            ("components",),
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            {"components": [_row(BUTTON, SELECT)]},
            ("components", "0", "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
        (
            {"components": [_row(BUTTON | {"label": "x" * 81})]},
            ("components", "0", "components", "0", "label"),
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"components": [{"type": 10, "content": "x"}]},
            ("components", "0", "type"),
            "UNION_TYPE_CHOICES",
        ),
        (
            {"flags": V2, "content": "x"},
            ("content",),
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
        ),
        ({"flags": 1}, ("flags",), "MESSAGE_FLAGS_INVALID"),
        (
            {"attachments": [{"id": 0}]},
            ("attachments", "0", "id"),
            "MESSAGE_ATTACHMENT_INVALID",
        ),
        (
            {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            ("allowed_mentions",),
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
    ],
)
def test_what_breaks_a_limit_is_refused_where_it_is(
    body: Any, path: tuple[str, ...], code: str
) -> None:
    """Error 50035 with Discord's tree."""
    with pytest.raises(Refusal) as caught:
        _check(body)

    node: Any = caught.value.errors
    for key in path:
        node = node[key]
    assert caught.value.code == 50035
    assert code in {error["code"] for error in node["_errors"]}


def test_files_have_limits_too() -> None:
    """One too large, and one too many."""
    with pytest.raises(Refusal, match="413 40005"):
        _check({}, [Part("files[0]", b"x" * 101, "a")])
    with pytest.raises(Refusal, match="400 30015"):
        _check({}, [Part(f"files[{n}]", b"x", "a") for n in range(11)])


_LABEL = {"type": 18, "label": "Secret", "component": {"type": 4, "custom_id": "a", "style": 1}}


@pytest.mark.parametrize(
    ("data", "good"),
    [
        ({"custom_id": "m", "title": "T", "components": [_LABEL]}, True),
        ({"custom_id": "m", "title": "T" * 46, "components": [_LABEL]}, False),
        ({"custom_id": "m", "title": "T", "components": []}, False),
        ({"custom_id": "m", "title": "T", "components": [_LABEL, _LABEL]}, False),
        ({"custom_id": "m", "title": "T", "components": [BUTTON]}, False),
        (
            {"custom_id": "m", "title": "T", "components": [_LABEL | {"component": BUTTON}]},
            False,
        ),
        ({"custom_id": "m", "title": "T", "components": [_LABEL | {"label": "x" * 46}]}, False),
    ],
)
def test_modals_are_checked(data: Any, good: bool) -> None:
    """Title, number of parts, what may be inside a Label."""
    problems = Problems()

    check_modal(data, problems)

    assert good is not bool(problems.tree)


def _commands() -> Commands:
    return Commands(State(World(), lambda: 1_790_000_000.0))


def _slash(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": 1, "name": name, "description": "d", **more}


def test_unchanged_commands_keep_their_id_and_version() -> None:
    """A bulk overwrite is idempotent; a changed command keeps its id only."""
    commands = _commands()
    first = commands.overwrite("", "1", [_slash(), _slash("b")])

    second = commands.overwrite("", "1", [_slash(), _slash("b", description="new")])

    assert first[0] == second[0]
    assert first[1]["id"] == second[1]["id"]
    assert first[1]["version"] != second[1]["version"]


@pytest.mark.parametrize(
    "body",
    [
        [_slash("Upper")],
        [_slash("with space")],
        [_slash(description="")],
        [_slash(), _slash()],
        [_slash(options=[{"type": 3, "name": "x", "description": "d"}] * 2)],
        [_slash(options=[{"type": 3, "name": f"x{n}", "description": "d"} for n in range(26)])],
        [_slash(str(number)) for number in range(101)],
        [
            _slash(
                options=[
                    {"type": 3, "name": "x", "description": "d"},
                    {"type": 3, "name": "y", "description": "d", "required": True},
                ]
            )
        ],
        [
            _slash(
                options=[
                    {"type": 1, "name": "x", "description": "d"},
                    {"type": 3, "name": "y", "description": "d"},
                ]
            )
        ],
        {"not": "a list"},
    ],
)
def test_wrong_registrations_change_nothing(body: Any) -> None:
    """All or nothing."""
    commands = _commands()
    before = commands.overwrite("", "1", [_slash("kept")])

    with pytest.raises(Refusal):
        commands.overwrite("", "1", body)

    assert before == commands.of("")
