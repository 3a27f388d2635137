"""Payloads at Discord's limits pass, those beyond are named by their place."""

from typing import Any

import pytest

from utilsbot.discord.components import (
    Button,
    LinkButton,
    Modal,
    Select,
    SelectOption,
    TextInput,
    row,
)
from utilsbot.discord.limits import (
    MAX_REQUEST_BYTES,
    LimitExceeded,
    check_choices,
    check_message,
    check_modal,
)

OPTIONS = tuple(SelectOption(f"Label {n}", f"value{n}") for n in range(3))


def button(**change: Any) -> dict[str, Any]:
    """A button's JSON, changed."""
    return {"type": 2, "style": 2, "label": "x", "custom_id": "a/b"} | change


def rows(*parts: dict[str, Any]) -> dict[str, Any]:
    """A message with one row."""
    return {"components": [{"type": 1, "components": list(parts)}]}


def field(**change: Any) -> dict[str, Any]:
    """A modal with one text input, changed."""
    inner = {"type": 4, "custom_id": "f", "style": 1} | change
    return {
        "title": "t",
        "custom_id": "a/b",
        "components": [{"type": 18, "label": "l", "component": inner}],
    }


@pytest.mark.parametrize(
    "payload",
    [
        {"content": "x" * 2000},
        {"embeds": [{"title": "x" * 256}] * 10},
        {"embeds": [{"description": "x" * 4096}, {"footer": {"text": "x" * 1904}}]},
        {"embeds": [{"title": " " * 300 + "x"}]},  # limits are measured after trimming
        {"embeds": [{"fields": [{"name": "n", "value": "v" * 200}] * 25}]},
        {"embeds": [{"image": {"url": "https://example.org/a.png"}}]},
        {"components": [{"type": 1, "components": [button()]}]},
        rows(*(button(custom_id=f"a/{n}") for n in range(5))),
        {"components": [row(LinkButton("x", "https://x.org"), Button("y", "a/b")).payload()]},
        {"components": [row(Select("a/b", OPTIONS, max_values=3)).payload()]},
    ],
)
def test_messages_within_the_limits(payload: dict[str, Any]) -> None:
    """What stands exactly at a limit passes."""
    check_message(payload)


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({}, ""),
        ({"content": " \n "}, ""),
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds"),
        ({"embeds": [{"title": "x"}, {"title": "x" * 257}]}, "embeds[1].title"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds[0].description"),
        ({"embeds": [{"description": "x" * 4000}, {"footer": {"text": "x" * 2001}}]}, "embeds"),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds[0].footer.text"),
        ({"embeds": [{"author": {"name": "x" * 257}}]}, "embeds[0].author.name"),
        ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds[0].fields"),
        ({"embeds": [{"fields": [{"name": "", "value": "v"}]}]}, "embeds[0].fields[0].name"),
        (
            {"embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]},
            "embeds[0].fields[0].value",
        ),
        ({"embeds": [{"color": 5}]}, "embeds[0]"),
        ({"embeds": [{"title": "x", "color": 0x1000000}]}, "embeds[0].color"),
        ({"embeds": [{"title": "x", "url": "javascript:alert(1)"}]}, "embeds[0].url"),
        ({"embeds": [{"image": {"url": "attachment://a.png"}}]}, "embeds[0].image.url"),
        ({"components": [{"type": 1, "components": [button()]}] * 6}, "components"),
        ({"components": [button()]}, "components[0]"),
        (rows(), "components[0].components"),
        (rows(*[button()] * 6), "components[0].components"),
        (rows(button(), button()), "components"),
        (rows(button(label="x" * 81)), "components[0].components[0].label"),
        (rows(button(label="")), "components[0].components[0]"),
        (rows(button(custom_id="x" * 101)), "components[0].components[0].custom_id"),
        (rows(button(style=5)), "components[0].components[0].url"),
        (rows(button(style=5, url="https://x.org")), "components[0].components[0]"),
        (rows({"type": 2, "style": 1, "label": "x"}), "components[0].components[0]"),
        (rows({"type": 4, "custom_id": "x"}), "components[0].components[0]"),
        (rows(button(), Select("a/c", OPTIONS).payload()), "components[0]"),
        (rows(Select("a/c", ()).payload()), "components[0].components[0].options"),
        (rows(Select("a/c", OPTIONS[:1] * 2).payload()), "components[0].components[0].options"),
        (rows(Select("a/c", OPTIONS, max_values=4).payload()), "components[0].components[0]"),
        (
            rows(Select("a/c", (SelectOption("x" * 101, "v"),)).payload()),
            "components[0].components[0].options[0].label",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions.users",
        ),
    ],
)
def test_messages_beyond_the_limits(payload: dict[str, Any], path: str) -> None:
    """Each breach is named by its place."""
    with pytest.raises(LimitExceeded) as caught:
        check_message(payload)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("payload", "files", "path"),
    [
        ({}, [("a", 1)], "attachments"),
        ({"attachments": [{"id": 1, "filename": "a"}]}, [("a", 1)], "attachments"),
        ({"attachments": [{"id": 0, "filename": ""}]}, [("a", 1)], "attachments[0].filename"),
        (
            {"attachments": [{"id": 0, "filename": "a", "description": "x" * 1025}]},
            [("a", 1)],
            "attachments[0].description",
        ),
        ({}, [("a", 1)] * 11, "files"),
        ({}, [("a", MAX_REQUEST_BYTES), ("b", 1)], "files"),
        (
            {
                "attachments": [{"id": 0, "filename": "a b.png"}],
                "embeds": [{"image": {"url": "attachment://a b.png"}}],
            },
            [("a b.png", 1)],
            "embeds[0].image.url",
        ),
        (
            {
                "attachments": [{"id": 0, "filename": "a.txt"}],
                "embeds": [{"thumbnail": {"url": "attachment://a.txt"}}],
            },
            [("a.txt", 1)],
            "embeds[0].thumbnail.url",
        ),
    ],
)
def test_files_beyond_the_limits(
    payload: dict[str, Any], files: list[tuple[str, int]], path: str
) -> None:
    """Files that are not named, too many, too large or no pictures are refused."""
    with pytest.raises(LimitExceeded) as caught:
        check_message(payload, files)
    assert caught.value.path == path


def test_an_edit_may_leave_parts_out_but_not_clear_everything() -> None:
    """An edit without content keeps what the message has; one that clears all is empty."""
    check_message({"allowed_mentions": {"parse": []}, "embeds": []}, edit=True)
    with pytest.raises(LimitExceeded, match="50006"):
        check_message({"content": "", "embeds": [], "components": [], "attachments": []}, edit=True)


def test_errors_never_show_the_content() -> None:
    """A breach names the place and the numbers, not what the user wrote."""
    with pytest.raises(LimitExceeded) as caught:
        check_message({"content": "secret" * 500})
    assert "secret" not in str(caught.value)
    assert "3000" in str(caught.value)


def test_a_modal_within_the_limits() -> None:
    """A modal as our own components make it passes."""
    inputs = tuple(TextInput(f"f{n}", "l" * 45, "d" * 100, max_length=4000) for n in range(5))
    check_modal(Modal("t" * 45, "a/b", inputs).payload())


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        (field() | {"title": "x" * 46}, "title"),
        (field() | {"custom_id": ""}, "custom_id"),
        (field() | {"components": []}, "components"),
        (field() | {"components": field()["components"] * 6}, "components"),
        (field() | {"components": field()["components"] * 2}, "components"),
        (field() | {"components": [{"type": 1}]}, "components[0]"),
        (field(style=3), "components[0].component.style"),
        (field(min_length=5, max_length=4), "components[0].component"),
        (field(max_length=4001), "components[0].component"),
        (field(max_length=2, value="abc"), "components[0].component.value"),
        (field(placeholder="x" * 101), "components[0].component.placeholder"),
        (field(type=5), "components[0].component"),
        (field(custom_id="x" * 101), "components[0].component.custom_id"),
        (
            field(**Select("f", OPTIONS, min_values=0).payload()),
            "components[0].component.min_values",
        ),
    ],
)
def test_modals_beyond_the_limits(payload: dict[str, Any], path: str) -> None:
    """Each breach is named by its place."""
    with pytest.raises(LimitExceeded) as caught:
        check_modal(payload)
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("choices", "path"),
    [
        ([{"name": "a", "value": "b"}] * 26, "choices"),
        ([{"name": "", "value": "b"}], "choices[0].name"),
        ([{"name": "a", "value": "b" * 101}], "choices[0].value"),
        ([{"name": "a", "value": 2**53 + 1}], "choices[0].value"),
        ([{"name": "a"}], "choices[0].value"),
    ],
)
def test_choices_beyond_the_limits(choices: list[dict[str, Any]], path: str) -> None:
    """Each breach is named by its place."""
    with pytest.raises(LimitExceeded) as caught:
        check_choices(choices)
    assert caught.value.path == path
