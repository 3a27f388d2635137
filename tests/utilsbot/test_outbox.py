"""How replies reach Discord: edits, follow-ups, and what happens when one of them fails."""

import json

import httpx

from tests.fakes import FakeClock
from tests.interactions import NOW, command_interaction, parsed
from utilsbot.discord.rest import DiscordApi, user_agent
from utilsbot.outbox import DiscordOutbox
from utilsbot.reply import File, Reply


def test_a_preview_edits_the_original_only() -> None:
    """Long text and files wait for the final reply; nobody is pinged."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"id": "1"})

    clock = FakeClock(NOW)
    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        api = DiscordApi(
            "https://discord.com/api/v10",
            client=client,
            clock=clock.clock,
            user_agent=user_agent("0"),
        )
        DiscordOutbox(api).preview(
            parsed(command_interaction("ask")),
            Reply("word " * 900, files=(File("a.txt", b"x"),)),
            received_at=NOW,
            deadline=NOW + 2,
        )

    (request,) = requests
    assert (request.method, request.url.path.rpartition("/")[2]) == ("PATCH", "@original")
    body = json.loads(request.content)
    assert len(body["content"]) <= 2000
    assert body["allowed_mentions"] == {"parse": []}
    assert body["attachments"] == []


def _outbox(answers: list[httpx.Response], seen: list[httpx.Request]) -> DiscordOutbox:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers.pop(0)

    client = httpx.Client(transport=httpx.MockTransport(answer))
    clock = FakeClock(NOW).clock
    base = "https://discord.com/api/v10"
    return DiscordOutbox(DiscordApi(base, client=client, clock=clock, user_agent=user_agent("0")))


def test_what_is_shown_is_read_and_not_changed() -> None:
    """One GET of the original answer, as Discord has it."""
    seen: list[httpx.Request] = []
    outbox = _outbox([httpx.Response(200, json={"id": "1", "flags": 128})], seen)

    shown = outbox.shown(parsed(command_interaction("ip")), received_at=NOW, deadline=NOW + 2)

    assert shown["flags"] == 128
    (request,) = seen
    assert (request.method, request.url.path.rpartition("/")[2]) == ("GET", "@original")


def test_a_lost_follow_up_becomes_a_file_of_the_first_message() -> None:
    """Nothing is posted twice and nothing is lost: the first message carries the whole text."""
    seen: list[httpx.Request] = []
    message = {"id": "1"}
    answers = [
        httpx.Response(200, json=message),
        httpx.Response(504),
        httpx.Response(200, json=message),
    ]
    text = "word " * 900

    _outbox(answers, seen).deliver(
        parsed(command_interaction("ask")),
        Reply(text),
        private=True,
        received_at=NOW,
        deadline=NOW + 30,
    )

    assert [request.method for request in seen] == ["PATCH", "POST", "PATCH"]
    assert text.strip().encode() in seen[-1].content


def test_a_message_beside_is_private_and_sent_once() -> None:
    """An error of a button is a private follow-up, never repeated after an unknown outcome."""
    seen: list[httpx.Request] = []

    _outbox([httpx.Response(504)], seen).tell(
        parsed(command_interaction("ask")), Reply("no"), received_at=NOW, deadline=NOW + 30
    )

    (request,) = seen
    assert request.method == "POST"
    assert json.loads(request.content)["flags"] == 64
