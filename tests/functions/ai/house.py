"""The AI group as it runs: real ports, Google's SDK, the stand-in over HTTP, a table on moto."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette

from functions.ai.ports import build_ports
from local.serving import LoopbackServer
from local.standins.gemini import GeminiStandIn, settings
from tests.contract.discord_schema import (
    assert_callback,
    assert_message_create,
    assert_message_edit,
)
from tests.fakes import FakeClock
from tests.interactions import NOW, Json, parsed
from utilsbot.catalog import Catalog
from utilsbot.context import Context
from utilsbot.discord.components import Button, Modal
from utilsbot.discord.interaction import Attachment
from utilsbot.discord.messages import message_limit, render
from utilsbot.discord.snowflake import reference_id
from utilsbot.errors import DownloadError, UserError
from utilsbot.invoke import invoke
from utilsbot.meter import Meter
from utilsbot.progress import Progress
from utilsbot.reply import Reply
from utilsbot.routing import route
from utilsbot.runtime import Parts
from utilsbot.store import table as store_table

CATALOG = Catalog("functions.ai")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


class ServedStandIn:
    """The stand-in on a loopback port, in a thread of its own."""

    def __init__(self, url: str, standin: GeminiStandIn) -> None:
        """Args: url: where it listens."""
        self.url = url
        self.standin = standin

    @property
    def prompts(self) -> list[list[str]]:
        """Of each request the texts of all its messages."""
        return [
            [part["text"] for c in r["body"]["contents"] for part in c["parts"] if "text" in part]
            for r in self.standin.requests
        ]

    @property
    def models(self) -> list[str]:
        """Of each request the model."""
        return [request["model"] for request in self.standin.requests]


@contextmanager
def served_standin() -> Iterator[ServedStandIn]:
    """The stand-in, without pauses between pieces."""
    standin = GeminiStandIn(pace_s=0)
    server = LoopbackServer(Starlette(routes=standin.routes))
    ready, loop = threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        await server.start()
        ready.set()
        await done.wait()
        standin.closing.set()
        await server.stop()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield ServedStandIn(server.url, standin)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


class Downloads:
    """What users attached, by file name, in place of Discord's file server."""

    def __init__(self, clock: FakeClock) -> None:
        """Nothing yet."""
        self.clock = clock
        self.files: dict[str, bytes] = {}
        self.gone = False
        self.takes_s = 0.0
        """What each takes, unless it is given less."""

    def fetch(self, attachment: Attachment, max_bytes: int, within_s: float) -> bytes:
        """The file, unless it is too large or gone."""
        self.clock.advance(max(0.0, min(self.takes_s, within_s)))
        if within_s < self.takes_s:
            raise DownloadError("attachment: took too long")
        if self.gone:
            raise DownloadError("attachment: status 404")
        content = self.files[attachment.filename]
        if len(content) > max_bytes:
            raise UserError(f"over {max_bytes} bytes", title="File too large")
        return content


class House:
    """A user's view of the group: interactions in, checked replies out."""

    def __init__(self, table: str, clock: FakeClock, url: str, **environment: str) -> None:
        """Args: environment: further settings of the function."""
        self.clock = clock
        self.downloads = Downloads(clock)
        self.shown: list[Reply] = []
        self.meter = Meter(clock.clock.monotonic, clock.seconds + 43)
        self.parts = Parts(
            environment=settings(url) | environment,
            clock=clock.clock,
            dynamodb=store_table.connect(),
            table=table,
            downloader=self.downloads,  # type: ignore[arg-type]
        )
        self.ports: dict[str, Any] = dict(build_ports(self.parts))

    def say(
        self,
        body: Json,
        *,
        developer: bool = False,
        at: float | None = None,
        ai_requests: int | None = None,
    ) -> Reply:
        """The reply to an interaction; every message of it is checked against Discord's schema."""
        interaction = parsed(body)
        call = route(interaction, CATALOG)
        context = Context(
            interaction=interaction,
            now=self.clock.seconds if at is None else at,
            reference=reference_id(interaction.id),
            private=call.private,
            developer=developer,
            fields=call.fields,
            ai_requests=ai_requests,
        )
        self.meter = Meter(self.clock.clock.monotonic, self.clock.seconds + 43)
        progress = Progress(self._show, self.clock.clock.monotonic)
        reply = invoke(call, context, {**self.ports, "meter": self.meter, "progress": progress})
        assert isinstance(reply, Reply)
        check(reply, interaction.user_install_only)
        return reply

    def modal(self, body: Json) -> Modal:
        """The form that an interaction opens, as the front door asks for it."""
        interaction = parsed(body)
        call = route(interaction, CATALOG)
        context = Context(interaction, NOW, reference_id(interaction.id), call.private)
        if call.action:
            modal = invoke(call, context, {})
        else:
            modal = call.command.function("first_answer")(context, **call.options)
        assert isinstance(modal, Modal)
        assert_callback({"type": 9, "data": modal.payload()}, body["type"])
        return modal

    def failure(self, body: Json) -> UserError:
        """The error that an interaction is answered with."""
        try:
            reply = self.say(body)
        except UserError as error:
            return error
        raise AssertionError(f"answered: {reply.content[:200]}")

    def close(self) -> None:
        """Closes the connections to the stand-in."""
        if self.ports["ai"]:
            self.ports["ai"].close()

    def _show(self, reply: Reply) -> None:
        assert len(check(reply, user_install_only=False)) == 1, "a preview is one message"
        self.shown.append(reply)


def check(reply: Reply, user_install_only: bool) -> list[str]:
    """The contents of a reply's messages, each of which Discord would take."""
    limit = 10 * 1024 * 1024
    most = message_limit(user_install_only)
    messages = render(reply, attachment_limit_bytes=limit, max_messages=most)
    first, *more = messages
    assert_message_edit(first.edit_payload, [(f.name, len(f.content)) for f in first.files])
    for message in more:
        files = [(file.name, len(file.content)) for file in message.files]
        assert_message_create(message.create_payload, files)
    assert all(m.payload["allowed_mentions"] == {"parse": []} for m in messages)
    return [str(message.payload.get("content", "")) for message in messages]


def button(reply: Reply, label: str) -> str:
    """The custom id of a button."""
    found = [part for row in reply.rows for part in row.components if isinstance(part, Button)]
    return next(part.custom_id for part in found if part.label == label)
