"""What goes wrong outside, and clients that are not ours."""

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import httpx
import pytest

from local.discord.inbound import Inbound
from local.discord.signing import Signer, encode
from local.discord.state import State
from local.discord.world import PLACES, USERS, World
from tests.stack.conftest import RunningStack, running
from utilsbot.store import keys

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("stack")]

SIGNER = Signer(b"f" * 32)
"""A foreign client's key."""
HASH = {"id": "1", "name": "hash", "type": 1}
TEXT = [{"type": 3, "name": "text", "value": "hello"}]


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack that trusts somebody else's key."""
    folder = tmp_path_factory.mktemp("foreign")
    yield from running(folder, "--public-key", SIGNER.public_key)


def _post(stack: RunningStack, body: Any, **changed: str) -> httpx.Response:
    content = encode(body)
    headers = SIGNER.headers(content, time.time()) | changed
    return httpx.post(
        f"{stack.url}/interactions", content=content, headers=headers, trust_env=False
    )


def _command() -> dict[str, Any]:
    inbound = Inbound(State(World(), time.time), "http://127.0.0.1:1")
    return inbound.command(USERS[1], PLACES[0], HASH, TEXT, {})


def _final(stack: RunningStack, interaction_id: str, within_s: float = 30) -> dict[str, Any]:
    """The message that an interaction ends with."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        now = stack.get(f"/play/interactions/{interaction_id}")
        if "pending" in now and not now["pending"]:
            message: dict[str, Any] = now["message"]
            return message
        time.sleep(0.05)
    raise AssertionError("no final answer")


def _counters(stack: RunningStack) -> tuple[Any, str]:
    client = boto3.client("dynamodb", endpoint_url=stack.get("/health")["aws"])
    return client, client.list_tables()["TableNames"][0]


def _runs(stack: RunningStack, command: str) -> int:
    client, table = _counters(stack)
    pk, sk = keys.stats(command, time.time())
    item = client.get_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}}).get("Item", {})
    return int(item.get("runs", {"N": "0"})["N"])


def test_a_foreign_client_gets_its_answer(foreign: RunningStack) -> None:
    """It signs with its own key; Discord's side is kept for it all the same."""
    body = _command()

    answer = _post(foreign, body)

    assert (answer.status_code, answer.json()["type"]) == (200, 5)
    message = _final(foreign, body["id"])
    assert "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" in json.dumps(message)


def test_a_foreign_ping_is_answered(foreign: RunningStack) -> None:
    """As Discord sends it when the endpoint's address is saved."""
    body = Inbound(State(World(), time.time), "").ping()

    answer = _post(foreign, body)

    assert (answer.status_code, answer.json()) == (200, {"type": 1})


def test_a_wrong_signature_is_401_and_leaves_no_trace(foreign: RunningStack) -> None:
    """Neither a message nor a line of the recording."""
    body = _command()

    answer = _post(foreign, body, **{"X-Signature-Ed25519": "0" * 128})

    assert answer.status_code == 401
    assert body["id"] not in foreign.record.read_text()


def test_the_page_says_that_it_cannot_sign(foreign: RunningStack) -> None:
    """And `send` fails with the reason."""
    state = foreign.get("/play/state")
    assert (state["can_sign"], "--public-key" in state["note"]) == (False, True)

    result = foreign.send("/hash text:a")

    assert result.exit_code == 1
    assert "public key" in result.output


def test_faults_end_in_one_answer(faulty_stack: RunningStack) -> None:
    """Early 404s, 429s and second deliveries: one final message, counted once."""
    before, recorded = _runs(faulty_stack, "hash"), len(faulty_stack.exchanges())

    # A duplicate is delivered before the next message, so the last one proves the others' counts.
    messages = [faulty_stack.answer(f"/hash text:{n}") for n in range(8)]

    assert all(m["message"]["embeds"] and not m["followups"] for m in messages)
    lines = faulty_stack.exchanges()[recorded:]
    statuses = {line["status"] for line in lines if "path" in line}
    assert {200, 404, 429} <= statuses
    done = [line for line in lines if line.get("method") == "PATCH" and line["status"] == 200]
    assert len({line["path"] for line in done}) == len(done) == 8
    assert _runs(faulty_stack, "hash") == before + 8


def test_an_unknown_token_is_refused_as_discord_does(foreign: RunningStack) -> None:
    """10015; and 40333 for a client that does not say who it is."""
    url = f"{foreign.url}/api/v10/webhooks/1/unknown"
    agent = {"User-Agent": "DiscordBot (https://example.com, 1)"}

    known = httpx.post(url, json={"content": "a"}, headers=agent, trust_env=False)
    nobody = httpx.post(url, json={"content": "a"}, trust_env=False)

    assert (known.status_code, known.json()["code"]) == (404, 10015)
    assert "x-ratelimit-remaining" in known.headers
    assert (nobody.status_code, nobody.json()["code"]) == (403, 40333)
