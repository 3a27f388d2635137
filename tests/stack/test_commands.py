"""Every command through real processes: endpoint, queue, worker, store, Discord's API."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.catalog import CATALOG
from tests.stack.conftest import PNG, RunningStack
from tests.stack.people import Person
from utilsbot.spec import Access, Command, CommandType

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

TYPED = [module.spec for module in CATALOG if module.spec.type is CommandType.CHAT_INPUT]
SWITCHES = {"beta", "blacklist", "load", "maintenance", "reload", "unload", "whitelist"}
"""What they do is for everybody on the stack, so they have one of their own (test_operating)."""
EXAMPLES = [
    pytest.param(spec, line, id=line)
    for spec in TYPED
    if spec.slug not in SWITCHES
    for line in spec.examples
]
WRONG = {
    "Something went wrong",
    "Please check your input",
    "Out of date",
    "Not now",
    "Not available",
}
ADA, BEN = "300000000000000001", "300000000000000002"


@pytest.fixture
def person(stack: RunningStack) -> Person:
    """Somebody new for each test."""
    return Person(stack)


@pytest.fixture(scope="session")
def code(stack: RunningStack) -> Path:
    """A QR code that the stack has drawn, as `code.png`; beside it the examples' other files."""
    answer = Person(stack).send("/qr create text:a secret message")
    path = Path(answer["files"][0])
    path.with_name("trace.txt").write_text("ValueError: on purpose")
    return path.rename(path.with_name("code.png"))


def on_this_machine(stack: RunningStack, line: str) -> str:
    """The same with addresses that need no DNS server."""
    if line.startswith("/ip "):
        return line.replace("example.com", "1.1.1.1")
    if line.startswith("/screenshot "):
        site = f"{stack.url}/standins/site/page"
        return line.replace("https://", "").replace("example.com", site)
    return line


@pytest.mark.parametrize(("spec", "line"), EXAMPLES)
def test_every_example_is_answered(
    stack: RunningStack, code: Path, person: Person, spec: Command, line: str
) -> None:
    """What the help shows works as it is written there, for who may use it: Ada may all."""
    for name in ("code.png", "trace.txt"):
        line = line.replace(name, str(code.with_name(name)))
    line = on_this_machine(stack, line)

    restricted = spec.access is Access.DEVELOPERS or spec.permissions or "everybody:true" in line
    answer = stack.answer(line, "--as", ADA) if restricted else person.send(line)

    message, modal = answer["message"], answer["modal"]
    assert modal or message["content"] or message["embeds"] or message["attachments"]
    titles = [embed.get("title") for embed in (message or {}).get("embeds", [])]
    assert not WRONG & set(titles)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "/hash text:hello algorithm:sha256",
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        ),
        ("/base64 operation:encode text:hello", "aGVsbG8="),
        ("/base64 operation:decode text:aGVsbG8", "hello"),
    ],
)
def test_the_answers_are_right(person: Person, line: str, expected: str) -> None:
    """Known results, through the whole way."""
    assert expected in json.dumps(person.send(line)["message"])


def test_an_image_is_drawn_and_read_back(person: Person, code: Path) -> None:
    """A file out, the same file in."""
    assert code.read_bytes().startswith(PNG)

    answer = person.send("/qr read", "--attach", str(code))

    assert "a secret message" in json.dumps(answer["message"])


def test_a_form_is_filled(person: Person) -> None:
    """The modal comes first, the private answer after it is submitted."""
    form = person.send("/totp")["modal"]
    assert form["title"]

    message = person.send("--submit", "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")["message"]

    assert message["private"]
    assert message["interaction"]["name"] == "/totp"


def test_a_button_is_clicked(person: Person) -> None:
    """By its label; the answer is another password."""
    first = person.send("/password")["message"]
    label = first["components"][0]["components"][0]["label"]

    second = person.send("--click", label)["message"]

    assert second["private"]
    assert second["embeds"] != first["embeds"]


def test_private_answers_have_one_reader(stack: RunningStack) -> None:
    """Another user of the same channel does not get them."""
    message = stack.answer("/password", "--as", ADA)["message"]

    def ids(user_id: str) -> set[str]:
        seen = stack.get(f"/play/messages?user_id={user_id}")["messages"]
        return {item["id"] for item in seen}

    assert message["id"] in ids(ADA)
    assert message["id"] not in ids(BEN)


@pytest.mark.parametrize("where", [["--dm"], ["--guild", "400000000000000099"]])
def test_commands_work_elsewhere(stack: RunningStack, where: list[str]) -> None:
    """In a DM, and in a guild that was never seen before, as somebody new."""
    answer = stack.answer("/hash text:a", "--as", "300000000000000077", *where)

    assert answer["message"]["embeds"]


def test_autocomplete_suggests(stack: RunningStack) -> None:
    """Categories of /help, as the page asks for them."""
    body = {
        "user_id": ADA,
        "place_id": stack.get("/play/state")["places"][0]["id"],
        "name": "help",
        "type": 1,
        "options": [{"type": 3, "name": "category", "value": "", "focused": True}],
    }

    answer = httpx.post(f"{stack.url}/play/autocomplete", json=body, trust_env=False).json()

    assert "Tools" in {choice["name"] for choice in answer["choices"]}


def test_send_tells_what_it_does_not_know(stack: RunningStack) -> None:
    """Exit status 2 and a hint; 1 where nothing listens."""
    unknown = stack.send("/hsah text:a")
    assert unknown.exit_code == 2
    assert re.search("did you mean .*/hash", unknown.output)

    nowhere = RunningStack("http://127.0.0.1:9", stack.record, stack.folder)
    assert nowhere.send("/hash text:a").exit_code == 1


def test_health_says_what_works(stack: RunningStack) -> None:
    """Every function up, queues and store reachable."""
    health = stack.get("/health")

    assert health["ok"]
    assert {"InteractionsFunction", "ToolsFunction"} <= set(health["functions"])


def test_help_links_commands_by_their_registered_ids(stack: RunningStack, person: Person) -> None:
    """Registered over Discord's API at the start; interactions carry the same ids."""
    put = next(line for line in stack.exchanges() if line.get("method") == "PUT")
    assert put["status"] == 200
    assert {"hash", "qr"} <= {command["name"] for command in put["json"]}

    message = person.send("/help category:Tools")["message"]
    person.send("/hash text:a")

    sent = [line["interaction"] for line in stack.exchanges() if "interaction" in line][-1]
    assert f"</hash:{sent['data']['id']}>" in json.dumps(message)


def test_send_prints_no_codes_of_discord(stack: RunningStack) -> None:
    """Mentions of commands and times are words in a terminal."""
    printed = stack.send("/help category:Tools").output

    assert "/hash" in printed
    assert "</" not in printed


@pytest.mark.parametrize("path", ["/", "/static/app.js"])
def test_the_page_is_never_stale(stack: RunningStack, path: str) -> None:
    """Browsers ask each time, and get 304 while nothing has changed."""
    first = httpx.get(stack.url + path, trust_env=False)
    known = {"If-None-Match": first.headers["ETag"]}

    second = httpx.get(stack.url + path, headers=known, trust_env=False)

    assert (first.status_code, second.status_code) == (200, 304)
    assert {"no-cache"} == {first.headers["Cache-Control"], second.headers["Cache-Control"]}


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_other_sites_cannot_act(stack: RunningStack, headers: dict[str, str]) -> None:
    """A page elsewhere cannot type commands through the developer's browser."""
    answer = httpx.post(f"{stack.url}/play/command", json={}, headers=headers, trust_env=False)

    assert answer.status_code in {400, 403}
    assert "interaction_id" not in answer.text


def test_the_recording_is_complete(stack: RunningStack, person: Person) -> None:
    """Each deferral is followed by its edit; no credential is in a header."""
    person.send("/hash text:recorded")
    lines: list[dict[str, Any]] = stack.exchanges()

    last = [line for line in lines if "callback" in line][-1]
    token = last["interaction"]["token"]
    edits = [line for line in lines if token in line.get("path", "")]
    assert (last["status"], last["callback"]["type"]) == (200, 5)
    assert [(line["method"], line["status"]) for line in edits] == [("PATCH", 200)]
    assert edits[0]["interaction_id"] == last["interaction"]["id"]
    assert edits[0]["headers"]["user-agent"].startswith("DiscordBot (")
    assert last["ts"] - last["interaction_ts"] < 3
