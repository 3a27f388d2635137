"""What the page and `utilsbot send` talk to: the part of Discord's client that a user touches.

The contract is in docs/local.md.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from local.discord.callbacks import MODAL, Outcome
from local.discord.inbound import BadInput
from local.discord.render import page_message
from local.discord.standin import Delivered, StandIn
from local.discord.state import Message, Session
from local.discord.world import APPLICATION_ID, DEFAULT_LOCALE, LOCALES, Place, User
from local.events import Event, Events
from local.logs import Logs
from local.multipart import BadMultipart, Part, parse_multipart

CANNOT_SIGN = (
    "This endpoint was started with another program's public key, so only that program can sign. "
    "Start it without --public-key (and without DISCORD_PUBLIC_KEY) to type commands here."
)
_Handler = Callable[[Request], Awaitable[Response]]


class Play:
    """The page's API."""

    def __init__(self, standin: StandIn, events: Events) -> None:
        """Args: standin: whose users act."""
        self._standin = standin
        self._state = standin.state
        self._events = events
        self._logs = Logs(events)
        self.catalog: list[dict[str, Any]] = []
        """Every registered command with what the page shows of it."""

    def routes(self) -> list[Route]:
        """Everything under /play."""
        posts: Mapping[str, _Handler] = {
            "command": self._command,
            "autocomplete": self._autocomplete,
            "component": self._component,
            "modal": self._modal,
        }
        return [
            Route("/play/state", self._show_state),
            Route("/play/messages", self._messages),
            Route("/play/logs", self._logs.show),
            Route("/play/events", self._stream),
            Route("/play/interactions/{id}", self._interaction),
            *(Route(f"/play/{n}", _guarded(h), methods=["POST"]) for n, h in posts.items()),
        ]

    async def _show_state(self, _: Request) -> Response:
        world, can_sign = self._state.world, self._standin.signer is not None
        users = [
            {
                "id": user.id,
                "name": user.name,
                "avatar_colour": user.avatar_colour,
                "admin": user.admin,
                "developer": user.id in world.developer_ids,
            }
            for user in world.users.values()
        ]
        return JSONResponse(
            {
                "can_sign": can_sign,
                "note": None if can_sign else CANNOT_SIGN,
                "application_id": APPLICATION_ID,
                "users": users,
                "places": [_place(place) for place in world.places.values()],
                "locales": [{"code": code, "name": name} for code, name in LOCALES.items()],
                "commands": self.catalog,
            }
        )

    async def _command(self, request: Request) -> Response:
        body, files = await _form(request)
        user, place = self._who(body), self._where(body)
        interaction = self._standin.inbound.command(
            user,
            place,
            self._registered(body),
            body.get("options") or [],
            files,
            target_id=body.get("target_id"),
            locale=_locale(body),
        )
        return await self._deliver(interaction)

    async def _autocomplete(self, request: Request) -> Response:
        body, files = await _form(request)
        user, place = self._who(body), self._where(body)
        interaction = self._standin.inbound.command(
            user,
            place,
            self._registered(body),
            body.get("options") or [],
            files,
            autocomplete=True,
            locale=_locale(body),
        )
        self._check_can_sign()
        delivered = await self._standin.deliver(interaction)
        error = delivered.outcome.error
        return JSONResponse({"choices": list(delivered.outcome.choices), "error": error})

    async def _component(self, request: Request) -> Response:
        body, _ = await _form(request)
        message = self._state.messages.get(str(body.get("message_id")))
        user = self._who(body)
        if message is None or not message.visible_to(user.id):
            raise BadInput("there is no such message")
        interaction = self._standin.inbound.component(
            user,
            message,
            str(body.get("custom_id")),
            body.get("values") or [],
            locale=_locale(body),
        )
        return await self._deliver(interaction)

    async def _modal(self, request: Request) -> Response:
        body, _ = await _form(request)
        session = self._state.session(str(body.get("interaction_id")))
        user = self._who(body)
        if session is None or session.modal is None or session.user.id != user.id:
            raise BadInput("there is no such modal")
        fields = body.get("fields") or {}
        interaction = self._standin.inbound.modal(user, session, fields, locale=_locale(body))
        return await self._deliver(interaction)

    async def _deliver(self, interaction: Mapping[str, Any]) -> Response:
        self._check_can_sign()
        return JSONResponse(self._answer(await self._standin.deliver(interaction)))

    def _answer(self, delivered: Delivered) -> dict[str, Any]:
        outcome = delivered.outcome
        return {
            "interaction_id": delivered.interaction_id,
            "status": delivered.status,
            "callback": delivered.callback,
            "error": outcome.error,
            "timings": {"ack_ms": delivered.ack_ms},
            "message": self._shown(outcome.message),
            "modal": _modal_of(outcome),
            "pending": bool(outcome.session and _is_open(outcome.session)),
        }

    async def _interaction(self, request: Request) -> Response:
        """How an interaction stands: whether it is answered, and with which messages."""
        session = self._state.session(request.path_params["id"])
        if session is None:
            return JSONResponse({"error": "there is no such interaction"}, 404)
        return JSONResponse(
            {
                "interaction_id": session.id,
                "pending": _is_open(session),
                "timings": {"ack_ms": session.ack_ms, "final_ms": session.final_ms},
                "message": self._shown(self._state.messages.get(session.original_id or "")),
                "followups": [self._shown(message) for message in self._followups(session)],
            }
        )

    def _followups(self, session: Session) -> list[Message]:
        messages = self._state.messages.values()
        return [m for m in messages if m.interaction_id == session.id and m.is_followup]

    async def _messages(self, request: Request) -> Response:
        place_id = request.query_params.get("place_id")
        user_id = request.query_params.get("user_id", "")
        messages = [
            page_message(message, self._standin.base_url)
            for message in self._state.messages.values()
            if message.visible_to(user_id) and place_id in {None, message.place.id}
        ]
        return JSONResponse({"messages": messages})

    async def _stream(self, request: Request) -> Response:
        user_id = request.query_params.get("user_id", "")
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(
            self._lines(user_id), media_type="text/event-stream", headers=headers
        )

    async def _lines(self, user_id: str) -> AsyncIterator[str]:
        yield ": connected\n\n"
        async for event in self._events.subscribe():
            shown = self._event(event, user_id)
            if shown is not None:
                yield f"data: {json.dumps(shown, ensure_ascii=False)}\n\n"

    def _event(self, event: Event, user_id: str) -> Event | None:
        """An event as that user sees it; None if they do not."""
        if event["type"] != "message":
            return event
        message = self._state.messages.get(event["message_id"])
        if message is None or not message.visible_to(user_id):
            return None
        return {"type": "message", "message": self._shown(message)}

    def _shown(self, message: Message | None) -> dict[str, Any] | None:
        return page_message(message, self._standin.base_url) if message else None

    def _who(self, body: Mapping[str, Any]) -> User:
        user_id = str(body.get("user_id", ""))
        if not (user_id.isascii() and user_id.isdecimal() and 0 < int(user_id) < 1 << 64):
            raise BadInput("user_id should be a Discord id")
        return self._state.world.user(user_id)

    def _where(self, body: Mapping[str, Any]) -> Place:
        guild_id = str(body.get("guild_id") or "")
        if guild_id.isascii() and guild_id.isdecimal():
            return self._state.world.place_of_guild(guild_id)
        place = self._state.world.places.get(str(body.get("place_id")))
        if place is None:
            raise BadInput("there is no such place")
        return place

    def _registered(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        key = (body.get("name"), body.get("type", 1))
        for command in self._standin.api.commands.of(""):
            if (command["name"], command["type"]) == key:
                return command
        raise BadInput(f"there is no command {body.get('name')!r}")

    def _check_can_sign(self) -> None:
        if self._standin.signer is None:
            raise BadInput(CANNOT_SIGN)


def _locale(body: Mapping[str, Any]) -> str:
    """What the user's Discord speaks."""
    locale = body.get("locale", DEFAULT_LOCALE)
    if not isinstance(locale, str) or locale not in LOCALES:
        raise BadInput(f"locale should be one of {', '.join(LOCALES)}")
    return locale


def _modal_of(outcome: Outcome) -> Mapping[str, Any] | None:
    session = outcome.session
    return session.modal if session and session.callback_type == MODAL else None


def _place(place: Place) -> dict[str, Any]:
    return {
        "id": place.id,
        "kind": place.kind,
        "name": place.name,
        "guild_id": place.guild_id,
        "channel_id": place.channel_id,
    }


async def _form(request: Request) -> tuple[Mapping[str, Any], dict[str, Part]]:
    """The JSON of a request, and its uploads by part name."""
    content, content_type = await request.body(), request.headers.get("content-type", "")
    files: dict[str, Part] = {}
    try:
        if content_type.startswith("multipart/form-data"):
            parts = parse_multipart(content, content_type)
            content = next((part.content for part in parts if part.name == "json"), b"")
            files = {part.name: part for part in parts if part.name != "json"}
        body = json.loads(content)
    except (BadMultipart, ValueError) as error:
        raise BadInput(f"the request cannot be read: {error}") from None
    if not isinstance(body, dict):
        raise BadInput("the request's JSON should be an object")
    return body, files


def _guarded(handler: _Handler) -> _Handler:
    """Turns BadInput into an answer, in the form of every other one."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except BadInput as error:
            nothing = dict.fromkeys(("interaction_id", "callback", "message", "modal"))
            return JSONResponse({**nothing, "status": 0, "error": str(error)}, 400)

    return answer


def _is_open(session: Session) -> bool:
    """Whether more is to come: nothing is there yet, or the worker has not finished."""
    return session.pending or session.in_hand
