"""The games and the network group through the whole stack, against the stand-ins."""

import base64
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cli.playground import Playground
from functions.games.wordle_game import Mode, Status
from local.standins.chromium import is_available
from local.standins.ip_services import MARK
from tests.contract.discord_schema import (
    assert_callback,
    assert_message_create,
    assert_message_edit,
)
from tests.stack.conftest import PNG, RunningStack, running
from tests.stack.shelves import game_of, shelf_of, wrong_words
from utilsbot.markdown import escape

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

WAIT_S = 60


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack whose queues deliver every message twice."""
    folder = tmp_path_factory.mktemp("twice")
    yield from running(folder, "--faults", "duplicate_delivery=1,seed=5")


def _option(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "type": 3, "value": value}


def _subcommand(user_id: str, name: str, *options: dict[str, Any]) -> dict[str, Any]:
    """The body of a /wordle command."""
    chosen = {"name": name, "type": 1, "options": list(options)}
    who = {"user_id": user_id, "place_id": "playground"}
    return who | {"name": "wordle", "type": 1, "options": [chosen]}


def _at_once(stack: RunningStack, bodies: Sequence[dict[str, Any]]) -> list[Any]:
    """Types commands at the same time; their final answers."""

    def command(body: dict[str, Any]) -> Any:
        with Playground(stack.url, WAIT_S) as playground:
            return playground.command(body, {})

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(command, bodies))


def test_guesses_at_once_and_delivered_twice_count_once(twice: RunningStack) -> None:
    """Six wrong words typed together, each delivered twice: one game of six guesses, lost once."""
    user_id = "300000000000000401"
    twice.answer("/wordle play mode:random", "--as", user_id)
    words = wrong_words(game_of(twice, user_id), 6)

    answers = _at_once(
        twice,
        [
            _subcommand(user_id, "guess", _option("word", w), _option("mode", "random"))
            for w in words
        ],
    )
    # A duplicate is delivered before the next message, so this one proves the others' counts.
    twice.answer("/wordle stats", "--as", user_id)

    assert all(answer["message"]["content"] and not answer["followups"] for answer in answers)
    game, stats = game_of(twice, user_id), shelf_of(twice, user_id).stats
    assert (game.status, sorted(game.words)) == (Status.LOST, words)
    assert (stats.played, stats.won, stats.scores) == (1, 0, {})


def test_ends_of_two_games_at_once_count_both(twice: RunningStack) -> None:
    """A daily game won and a random one given up, delivered twice: two games, one win."""
    user_id = "300000000000000402"
    for mode in Mode:
        twice.answer(f"/wordle play mode:{mode.value}", "--as", user_id)
    twice.answer("--click", "Give up", "--as", user_id)  # the random one is the last message
    twice.answer("--click", "Give up", "--as", user_id)
    word = game_of(twice, user_id, Mode.DAILY).answer

    won = _option("word", word), _option("mode", "daily")
    _at_once(twice, [_subcommand(user_id, "guess", *won) for _ in range(3)])
    shown = twice.answer("/wordle stats", "--as", user_id)["message"]

    stats = shelf_of(twice, user_id).stats
    assert (stats.played, stats.won, stats.scores) == (2, 1, {1: 1})
    assert stats.tally("daily").streak == 1
    fields = {field["name"]: field["value"] for field in shown["embeds"][0]["fields"]}
    assert (fields["Played"], fields["Won"]) == ("2", "1 (50%)")
    assert "1 in 1. 1 lost." in shown["attachments"][0]["description"]


def test_the_leaderboard_counts_what_ended_in_the_server(stack: RunningStack) -> None:
    """Who won in this server is on it, with the average; it is public."""
    user_id = "300000000000000403"
    stack.answer("/wordle play mode:random", "--as", user_id)
    stack.answer(
        f"/wordle guess word:{game_of(stack, user_id).answer} mode:random", "--as", user_id
    )

    message = stack.answer("/wordle leaderboard", "--as", user_id)["message"]

    assert not message["private"]
    line = f"<@{user_id}> · **1 of 1 won** · average 1.00"
    assert line in message["embeds"][0]["description"]


@pytest.mark.parametrize(
    ("link", "title", "text"),
    [
        ("one", "Where the link leads", "One redirect leads to a page on"),
        ("get-only", "Where the link leads", "One redirect leads to a page on"),
        ("five", "Where the link leads", "5 redirects lead to a page"),
        ("loop", "The link goes round in a circle", "It comes back to an address"),
        ("endless", "The link has no end", "After 10 redirects it still goes on"),
        ("gone", "The link is dead", "there is no such page (status 410)"),
        ("metadata", "The link was not followed to its end", "For safety the last step"),
        ("runtime", "The link was not followed to its end", "For safety the last step"),
        ("file", "The link was not followed to its end", "For safety the last step"),
    ],
)
def test_links_are_followed_and_traps_are_not(
    stack: RunningStack, link: str, title: str, text: str
) -> None:
    """/unshorten on every kind of link of the stand-in site; what is unsafe is not opened."""
    url = f"{stack.url}/standins/site/go/{link}"
    user_id = f"3000000000000005{len(link):02}"

    embed = stack.answer(f"/unshorten url:{url}", "--as", user_id)["message"]["embeds"][0]

    assert embed["title"] == title
    assert text in json.dumps(embed)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/", "is asked on port 9; only 80 and 443 are web ports"),
        ("http://[::1]/", "`::1` is not on the public internet"),
        ("http://2130706433/", "`127.0.0.1` is not on the public internet"),
    ],
)
def test_the_own_machine_is_out_of_reach(stack: RunningStack, url: str, why: str) -> None:
    """Only the stand-ins' own port is open to the guard of a local run."""
    message = stack.answer(f"/unshorten url:{url}", "--as", "300000000000000520")["message"]

    assert message["embeds"][0]["title"] == "The link was not followed to its end"
    assert why in message["embeds"][0]["description"]


def test_the_links_of_a_message_are_expanded(stack: RunningStack) -> None:
    """The context-menu command on somebody else's public message, seen by its caller alone."""
    site = f"{stack.url}/standins/site"
    text = base64.b64encode(f"see {site}/go/one, or {site}/go/gone.".encode()).decode()
    line = f"/base64 operation:decode text:{text} private:false"
    target = stack.answer(line, "--as", "300000000000000530")["message"]
    body = {
        "user_id": "300000000000000531",
        "place_id": "playground",
        "name": "Expand links",
        "type": 3,
        "target_id": target["id"],
    }

    (answer,) = _at_once(stack, [body])

    assert answer["message"]["private"]
    embed = answer["message"]["embeds"][0]
    found = {field["name"]: field["value"] for field in embed["fields"]}
    assert embed["title"] == "2 links"
    assert f"{site}/page" in found[f"{site}/go/one"]
    assert "no such page (status 410)" in found[f"{site}/go/gone"]


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "https://9.9.9.9/path"])
def test_an_address_is_looked_up(stack: RunningStack, address: str) -> None:
    """IPv4, IPv6 and an address within a link; the answer is the stand-in's, from its wire form."""
    line = f"/ip ip:{address}"

    embed = stack.answer(line, "--as", "300000000000000540")["message"]["embeds"][0]

    fields = {field["name"]: field["value"] for field in embed["fields"]}
    assert fields["Country"]
    assert fields["Time zone"]
    assert fields["Owner"] == escape(MARK)


@pytest.mark.parametrize(
    ("address", "what"),
    [("10.1.2.3", "RFC1918"), ("169.254.169.254", "RFC3927"), ("::1", "RFC4291")],
)
def test_a_special_address_is_named_for_what_it_is(
    stack: RunningStack, address: str, what: str
) -> None:
    """Nobody outside is asked about it."""
    line = f"/ip ip:{address}"

    embed = stack.answer(line, "--as", "300000000000000541")["message"]["embeds"][0]

    assert what in embed["description"]
    assert "no service knows where it is" in embed["description"]


@pytest.mark.skipif(not is_available(), reason="the screenshot stand-ins need Chromium")
def test_a_page_is_photographed(stack: RunningStack) -> None:
    """A real picture of a real page, by the first service's wire format."""
    url = f"{stack.url}/standins/site/page"
    line = f"/screenshot url:{url} size:phone dark:true full_page:true"

    answer = stack.answer(line, "--as", "300000000000000550")

    embed = answer["message"]["embeds"][0]
    assert embed["title"] == "Screenshot of 127.0.0.1"
    assert embed["footer"]["text"].startswith("390 x 844 pixels · ScreenshotOne")
    assert Path(answer["files"][0]).read_bytes().startswith(PNG)


def _commands(stack: RunningStack) -> list[dict[str, Any]]:
    """The recorded exchanges that belong to interactions."""
    return [line for line in stack.exchanges() if "/commands" not in line.get("path", "")]


def test_what_was_recorded_is_what_discord_takes(stack: RunningStack) -> None:
    """Callbacks in time, edits and follow-ups within Discord's schema; each deferral is edited."""
    stack.answer("/wordle play mode:random", "--as", "300000000000000560")
    stack.answer("/ip ip:8.8.8.8", "--as", "300000000000000560")

    lines = _commands(stack)
    for line in lines:
        if "callback" in line:
            assert_callback(line["callback"], line["interaction"]["type"])
            assert line["ts"] - line["interaction_ts"] < 3
        elif line["method"] in {"PATCH", "POST"}:
            payload = line["payload_json"] if "payload_json" in line else line["json"]
            files = [(file["filename"], file["size"]) for file in line.get("files", ())]
            check = assert_message_edit if line["method"] == "PATCH" else assert_message_create
            check(payload, files)
    deferred = [x["interaction"]["token"] for x in lines if x.get("callback", {}).get("type") == 5]
    edited = [x["path"].split("/")[5] for x in lines if x.get("method") == "PATCH"]
    assert deferred
    assert set(deferred) <= set(edited)
