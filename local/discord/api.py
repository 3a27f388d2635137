"""Discord's REST API under /api/v10, as far as the bot uses it."""

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from local.crashes import Crashes
from local.discord.calls import Answer, Call, read_body
from local.discord.commands import Commands
from local.discord.form import Refusal
from local.discord.rate_limits import OTHER, WEBHOOK, RateLimits, Verdict, limited
from local.discord.render import discord_message
from local.discord.state import Session, State
from local.discord.trouble import Trouble, trouble
from local.discord.webhooks import Change, Webhooks
from local.discord.world import APPLICATION_ID, BOT_NAME, BOT_USER_ID, Place
from local.faults import Faults

_LIMITS_S = {"discord_429": (0.2, 1.0), "discord_429_long": (20.0, 30.0)}
"""Of each fault: how long. A long one is more than a worker may wait; it gives the command back."""
_SCOPES = ("user", "shared", "global")
_VERSION = re.compile(r"/api(?:/v(\d+))?(/.*)")


Exchanged = Callable[[Request, Call, Answer, float], None]
Changed = Callable[[Change], None]


class DiscordApi:
    """Answers calls; `on_exchange` hears of each of them, `on_change` of each message."""

    def __init__(
        self,
        state: State,
        faults: Faults,
        *,
        base_url: str,
        setup_token: str,
        on_exchange: Exchanged,
        on_change: Changed,
        crashes: Crashes | None = None,
    ) -> None:
        """Answers nothing yet.

        Args:
            state: what is remembered.
            faults: what goes wrong on purpose.
            base_url: where attachments are served.
            setup_token: a bot token whose calls faults leave alone: they are not the bot's.
            on_exchange: hears of every call, with its duration in ms.
            on_change: hears of every message.
            crashes: hears of every reply; None: nobody is killed.
        """
        self._state = state
        self._crashes = crashes or Crashes(Faults())
        self._faults = faults
        self._base_url = base_url
        self._setup = f"Bot {setup_token}"
        self._on_exchange = on_exchange
        self._on_change = on_change
        self._limits = RateLimits(state.now)
        self._webhooks = Webhooks(state)
        self.commands = Commands(state)

    async def __call__(self, request: Request) -> Response:
        """Any method and path under /api."""
        started = time.perf_counter()
        call = Call(request.method, request.url.path)
        await request.body()
        session = self._session(call)
        setup = request.headers.get("authorization", "") == self._setup
        key = session.id if session else call.path
        met = Trouble() if setup else trouble(self._faults, key)
        await asyncio.sleep(met.delay_s)
        if met.before:
            answer = Answer(met.status)
        else:
            try:
                answer = await self._answer(request, call)
            except Refusal as refusal:
                answer = Answer(refusal.status, refusal.body())
        if session and call.changes and self._crashes.replying(session.id):
            met = Trouble(after=True)  # whoever would hear of it is dead
        if met.after:
            call.carried_out, answer = answer.status, Answer(met.status)
        self._on_exchange(request, call, answer, (time.perf_counter() - started) * 1000)
        if met.before or met.after:
            return await met.response(request)
        response = answer.response()
        if session and call.changes:
            done = self._crashes.replied
            response.background = BackgroundTask(done, session.id)
        return response

    def _session(self, call: Call) -> Session | None:
        """Whose token the path has, if it has one that we know."""
        token = re.search(r"/webhooks/\d+/([^/]+)", call.path)
        return self._state.session_of_token(token[1]) if token else None

    async def _answer(self, request: Request, call: Call) -> Answer:
        match = _VERSION.fullmatch(request.url.path)
        if not match or match[1] not in {"9", "10"}:
            raise Refusal(400, 50041, "Invalid API version")
        call.path = match[2]
        call.authorization = request.headers.get("authorization", "")
        if not request.headers.get("user-agent", "").startswith("DiscordBot ("):
            raise Refusal(403, 40333, "internal network error")
        await read_body(request, call)
        verdict = self._limit(call)
        if verdict.retry_after_s is not None:
            scope = verdict.headers["X-RateLimit-Scope"]
            body = {
                "message": "You are being rate limited.",
                "retry_after": verdict.retry_after_s,
                "global": scope == "global",
            }
            return Answer(429, body, verdict.headers)
        try:
            answer = self._route(call)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body())
        return Answer(answer.status, answer.body, verdict.headers)

    def _limit(self, call: Call) -> Verdict:
        """Each interaction token has a bucket of its own; other routes one by path."""
        token = re.match(r"/webhooks/\d+/([^/]+)", call.path)
        key = f"token {token[1]}" if token else f"{call.method} {call.path}"
        rate = WEBHOOK if token else OTHER
        about = session.id if (session := self._session(call)) else call.path
        if call.authorization != self._setup:
            for fault, (least_s, most_s) in _LIMITS_S.items():
                if self._faults.happens(fault, about):
                    scope = self._faults.one_of(fault, _SCOPES, about)
                    wait_s = self._faults.between(fault, least_s, most_s, about)
                    return limited(key, rate, wait_s, self._state.now(), scope)
        return self._limits.take(key, rate)

    def _route(self, call: Call) -> Answer:
        for method, pattern, handler in _ROUTES:
            match = pattern.fullmatch(call.path)
            if match and method == call.method:
                call.ids = match.groupdict()
                return handler(self, call)
        known = any(pattern.fullmatch(call.path) for _, pattern, _ in _ROUTES)
        if known:
            return Answer(405, {"message": "405: Method Not Allowed", "code": 0})
        return Answer(404, {"message": "404: Not Found", "code": 0})

    # Webhooks: the token in the path is all the authorisation.

    def message_get(self, call: Call) -> Answer:
        """GET a message of an interaction."""
        session = self._webhooks.session(call.ids["application"], call.ids["token"])
        return self._changed(self._webhooks.get(session, call.ids["message"]))

    def message_edit(self, call: Call) -> Answer:
        """PATCH a message of an interaction."""
        session = self._webhooks.session(call.ids["application"], call.ids["token"])
        change = self._webhooks.edit(session, call.ids["message"], call.body, call.files)
        return self._changed(change)

    def message_delete(self, call: Call) -> Answer:
        """DELETE a message of an interaction."""
        session = self._webhooks.session(call.ids["application"], call.ids["token"])
        self._changed(self._webhooks.delete(session, call.ids["message"]))
        return Answer(204)

    def followup(self, call: Call) -> Answer:
        """POST a follow-up."""
        session = self._webhooks.session(call.ids["application"], call.ids["token"])
        return self._changed(self._webhooks.create(session, call.body, call.files))

    def _changed(self, change: Change) -> Answer:
        if change.changed:
            self._on_change(change)
        return Answer(200, discord_message(change.message, self._base_url))

    # Commands

    def commands_list(self, call: Call) -> Answer:
        """GET all commands of a scope."""
        _authorised(call)
        return Answer(200, self.commands.of(call.ids.get("guild") or ""))

    def commands_overwrite(self, call: Call) -> Answer:
        """PUT all commands of a scope."""
        application = _authorised(call)
        guild = call.ids.get("guild") or ""
        return Answer(200, self.commands.overwrite(guild, application, call.body))

    def commands_create(self, call: Call) -> Answer:
        """POST a command."""
        application = _authorised(call)
        guild = call.ids.get("guild") or ""
        command, new = self.commands.create(guild, application, call.body)
        return Answer(201 if new else 200, command)

    def command_get(self, call: Call) -> Answer:
        """GET a command."""
        _authorised(call)
        return Answer(200, self.commands.get(call.ids.get("guild") or "", call.ids["command"]))

    def command_delete(self, call: Call) -> Answer:
        """DELETE a command."""
        _authorised(call)
        self.commands.delete(call.ids.get("guild") or "", call.ids["command"])
        return Answer(204)

    # Reads

    def application(self, call: Call) -> Answer:
        """GET the application."""
        _authorised(call)
        guilds = {place.guild_id for place in self._state.world.places.values() if place.guild_id}
        body = {
            "id": APPLICATION_ID,
            "name": BOT_NAME,
            "description": "",
            "bot_public": True,
            "flags": 0,
            "icon": None,
            "verify_key": "",
            "approximate_guild_count": len(guilds),
            "approximate_user_install_count": len(self._state.world.users),
        }
        return Answer(200, body)

    def me(self, call: Call) -> Answer:
        """GET the bot user."""
        _authorised(call)
        return Answer(200, {"id": BOT_USER_ID, "username": BOT_NAME, "bot": True, "avatar": None})

    def guilds(self, call: Call) -> Answer:
        """GET the guilds that the bot is in."""
        _authorised(call)
        places = self._state.world.places.values()
        names = {p.guild_id: p.name.partition(" #")[0] for p in places if p.guild_id}
        return Answer(200, [{"id": guild, "name": name} for guild, name in names.items()])

    def guild(self, call: Call) -> Answer:
        """GET a guild."""
        _authorised(call)
        places = self._guild_places(call.ids["guild"])
        return Answer(200, {"id": call.ids["guild"], "name": places[0].name.partition(" #")[0]})

    def guild_channels(self, call: Call) -> Answer:
        """GET a guild's channels."""
        _authorised(call)
        return Answer(200, [_channel(p) for p in self._guild_places(call.ids["guild"])])

    def channel(self, call: Call) -> Answer:
        """GET a channel."""
        _authorised(call)
        for place in self._state.world.places.values():
            if place.channel_id == call.ids["channel"]:
                return Answer(200, _channel(place))
        raise Refusal(404, 10003, "Unknown Channel")

    def _guild_places(self, guild_id: str) -> list[Place]:
        places = [p for p in self._state.world.places.values() if p.guild_id == guild_id]
        if not places:
            raise Refusal(404, 10004, "Unknown Guild")
        return places


def _channel(place: Place) -> dict[str, Any]:
    name = place.name.rpartition("#")[2]
    kind = {"guild": 0, "dm": 1, "private_channel": 3}[place.kind]
    body = {"id": place.channel_id, "type": kind, "name": name}
    return body | ({"guild_id": place.guild_id} if place.guild_id else {})


def _authorised(call: Call) -> str:
    """The application of the call's token; any token is the bot's here.

    Raises:
        Refusal: no token, of a wrong form, or of another application than the path's.
    """
    if not re.fullmatch(r"(Bot|Bearer) \S+", call.authorization):
        raise Refusal(401, 0, "401: Unauthorized")
    application = call.ids.get("application", APPLICATION_ID)
    if application != APPLICATION_ID:
        raise Refusal(
            403, 20012, "You are not authorized to perform this action on this application"
        )
    return application


_Handler = Callable[[DiscordApi, Call], Answer]


def _route(method: str, path: str, handler: _Handler) -> tuple[str, re.Pattern[str], _Handler]:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return method, re.compile(pattern), handler


_HOOK = r"/webhooks/{application}/{token}"
_COMMANDS = r"/applications/{application}(?:/guilds/(?P<guild>\d+))?/commands"
_ROUTES = [
    _route("GET", f"{_HOOK}/messages/{{message}}", DiscordApi.message_get),
    _route("PATCH", f"{_HOOK}/messages/{{message}}", DiscordApi.message_edit),
    _route("DELETE", f"{_HOOK}/messages/{{message}}", DiscordApi.message_delete),
    _route("POST", _HOOK, DiscordApi.followup),
    _route("GET", _COMMANDS, DiscordApi.commands_list),
    _route("PUT", _COMMANDS, DiscordApi.commands_overwrite),
    _route("POST", _COMMANDS, DiscordApi.commands_create),
    _route("GET", f"{_COMMANDS}/{{command}}", DiscordApi.command_get),
    _route("DELETE", f"{_COMMANDS}/{{command}}", DiscordApi.command_delete),
    _route("GET", "/applications/@me", DiscordApi.application),
    _route("GET", "/oauth2/applications/@me", DiscordApi.application),
    _route("GET", "/users/@me", DiscordApi.me),
    _route("GET", "/users/@me/guilds", DiscordApi.guilds),
    _route("GET", "/guilds/{guild}", DiscordApi.guild),
    _route("GET", "/guilds/{guild}/channels", DiscordApi.guild_channels),
    _route("GET", "/channels/{channel}", DiscordApi.channel),
]
