"""An edit on the way: the first message of a reply, by PATCH, and nothing else."""

import json

import httpx

from tests.fakes import FakeClock
from tests.interactions import NOW, command_interaction, parsed
from utilsbot.discord.rest import DiscordApi, user_agent
from utilsbot.reply import File, Reply
from utilsbot.runtime import DiscordOutbox


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
