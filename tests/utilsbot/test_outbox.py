"""How replies reach Discord: edits, follow-ups, and what happens when one of them fails."""

import json

import httpx
import pytest

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


def _outbox(
    answers: list[httpx.Response], seen: list[httpx.Request], time: FakeClock | None = None
) -> DiscordOutbox:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answers.pop(0)

    client = httpx.Client(transport=httpx.MockTransport(answer))
    clock = (time or FakeClock(NOW)).clock
    base = "https://discord.com/api/v10"
    api = DiscordApi(base, client=client, clock=clock, user_agent=user_agent("0"))
    return DiscordOutbox(api, clock)


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


def test_what_is_delivered_again_posts_nothing() -> None:
    """An earlier try may have posted its follow-ups; one edit with all the text can be repeated."""
    seen: list[httpx.Request] = []
    text = "word " * 900

    _outbox([httpx.Response(200, json={"id": "1"})], seen).deliver(
        parsed(command_interaction("ask")),
        Reply(text),
        private=True,
        received_at=NOW,
        deadline=NOW + 30,
        again=True,
    )

    (request,) = seen
    assert request.method == "PATCH"
    assert text.strip().encode() in request.content


@pytest.mark.parametrize(
    ("text", "statuses", "methods"),
    [
        ("done", [200, 200], ["PATCH", "PATCH"]),
        ("done", [200, 404], ["PATCH", "PATCH"]),
        ("word " * 900, [200, 504, 200, 200], ["PATCH", "POST", "PATCH", "PATCH"]),
    ],
)
def test_an_edit_that_may_still_come_does_not_have_the_last_word(
    text: str, statuses: list[int], methods: list[str], fake_clock: FakeClock
) -> None:
    """What the answer shows is said once more later; that is worth a try and nothing else."""
    seen: list[httpx.Request] = []
    answers = [httpx.Response(status, json={"id": "1"}) for status in statuses]

    _outbox(answers, seen, fake_clock).deliver(
        parsed(command_interaction("ask")),
        Reply(text),
        private=True,
        received_at=0,
        deadline=fake_clock.seconds + 30,
        adrift=True,
    )

    assert [request.method for request in seen] == methods
    assert len(seen[-1].content) == len(seen[-2].content)  # a boundary is random
    assert fake_clock.slept == [2.0]


def test_the_last_word_is_not_waited_for_beyond_the_deadline(fake_clock: FakeClock) -> None:
    """Then the answer has to stand as it is."""
    seen: list[httpx.Request] = []

    _outbox([httpx.Response(200, json={"id": "1"})], seen, fake_clock).deliver(
        parsed(command_interaction("ask")),
        Reply("done"),
        private=True,
        received_at=fake_clock.seconds,
        deadline=fake_clock.seconds + 1,
        adrift=True,
    )

    assert (len(seen), fake_clock.slept) == (1, [])


def test_a_message_beside_is_private_and_sent_once() -> None:
    """An error of a button is a private follow-up, never repeated after an unknown outcome."""
    seen: list[httpx.Request] = []

    _outbox([httpx.Response(504)], seen).tell(
        parsed(command_interaction("ask")), Reply("no"), received_at=NOW, deadline=NOW + 30
    )

    (request,) = seen
    assert request.method == "POST"
    assert json.loads(request.content)["flags"] == 64
