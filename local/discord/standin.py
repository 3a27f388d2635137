"""The stand-in as a whole: sends interactions, takes the answers, and tells what happened."""

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import httpx
from starlette.requests import Request

from local.crashes import Crashes
from local.discord.api import DiscordApi
from local.discord.callbacks import (
    DEFERRED,
    DEFERRED_UPDATE,
    NO_RESPONSE,
    TIME_LIMIT_S,
    Outcome,
    apply_callback,
    late,
)
from local.discord.calls import Answer, Call
from local.discord.inbound import Inbound
from local.discord.signing import Signer, encode, expected_statuses
from local.discord.state import Session, State
from local.discord.webhooks import Change
from local.events import Events
from local.faults import Faults
from local.multipart import BadMultipart, Part, parse_multipart
from local.recorder import Recorder, file_summaries, masked_headers

ENDPOINT = "/interactions"
_KEEP_OUTCOMES = 200
_TOKEN = re.compile(r"(/webhooks/\d+/)([^/?]+)")


class Exchange(NamedTuple):
    """What the endpoint answered to an interaction."""

    status: int
    headers: Iterable[tuple[str, str]]
    content: bytes
    started_at: float
    """Epoch seconds."""
    elapsed_s: float
    request_headers: Mapping[str, str]


class Delivered(NamedTuple):
    """An interaction of ours, answered."""

    interaction_id: str
    status: int
    callback: Any
    outcome: Outcome
    ack_ms: float


class StandIn:
    """Discord, as far as a bot of HTTP interactions sees it."""

    def __init__(
        self,
        state: State,
        *,
        base_url: str,
        signer: Signer | None,
        public_keys: str,
        setup_token: str,
        faults: Faults,
        events: Events,
        recorder: Recorder,
        crashes: Crashes | None = None,
    ) -> None:
        """Makes no call yet.

        Args:
            state: what is remembered.
            base_url: where everything is served.
            signer: None if a foreign client has the key.
            public_keys: what the endpoint trusts, as it is told.
            setup_token: a bot token whose calls faults leave alone.
            faults: what goes wrong on purpose.
            events: hears of every exchange and message.
            recorder: gets every exchange.
            crashes: kills workers at their replies; None: nobody.
        """
        self.state = state
        self.base_url = base_url
        self.signer = signer
        self.inbound = Inbound(state, base_url)
        self.api = DiscordApi(
            state,
            faults,
            base_url=base_url,
            setup_token=setup_token,
            on_exchange=self._api_exchanged,
            on_change=self.tell,
            crashes=crashes,
        )
        self._public_keys = public_keys
        self._faults = faults
        self._events = events
        self._recorder = recorder
        self._delivered: OrderedDict[str, Delivered] = OrderedDict()
        self._client = httpx.AsyncClient(base_url=base_url, timeout=60, trust_env=False)

    async def close(self) -> None:
        """Closes connections."""
        await self._client.aclose()

    async def deliver(self, body: Mapping[str, Any]) -> Delivered:
        """Signs an interaction, sends it to the endpoint and takes the answer.

        Raises:
            RuntimeError: the key is a foreign client's.
        """
        if self.signer is None:
            raise RuntimeError("no key to sign with")
        content = encode(body)
        headers = self.signer.headers(content, self.state.now())
        answer = await self._client.post(ENDPOINT, content=content, headers=headers)
        found = self._delivered.get(str(body["id"]))
        error = f"{NO_RESPONSE} (HTTP {answer.status_code})"
        nothing = Delivered(str(body["id"]), answer.status_code, None, Outcome(error=error), 0.0)
        return found or nothing

    def receive(self, raw: bytes, exchange: Exchange) -> None:
        """Takes the endpoint's answer to an interaction, whoever signed and sent it."""
        body = _json_object(raw)
        if body is None or not isinstance(body.get("type"), int) or "id" not in body:
            return
        callback, files = _callback(exchange)
        accepted = exchange.status == 200 and isinstance(callback, Mapping)
        duplicate = self.state.session(str(body["id"])) is not None
        ack_ms = round(exchange.elapsed_s * 1000, 1)
        expected = self._expected(raw, exchange)
        if accepted:
            self._record_callback(body, callback, files, exchange, expected, duplicate=duplicate)
        elif not (exchange.status == 401 and 401 in expected):
            self._record_callback(body, None, [], exchange, expected, duplicate=duplicate)
        self._tell_exchange(
            f"POST {ENDPOINT}",
            body,
            Answer(exchange.status, callback if accepted else None),
            ack_ms,
            str(body["id"]),
        )
        if duplicate:
            return
        if not accepted:
            outcome = Outcome(error=f"{NO_RESPONSE} (HTTP {exchange.status})")
        elif exchange.elapsed_s > TIME_LIMIT_S:
            outcome = late(exchange.elapsed_s)
        else:
            outcome = self._apply(body, callback, files, exchange.started_at, ack_ms)
        self._remember(Delivered(str(body["id"]), exchange.status, callback, outcome, ack_ms))

    def _expected(self, raw: bytes, exchange: Exchange) -> tuple[int, ...]:
        """The statuses that would be right. Only a foreign client's body may be malformed."""
        headers, at = exchange.request_headers, exchange.started_at
        expected = expected_statuses(self._public_keys, headers, raw, at)
        malformed = self.signer is None and 200 in expected and exchange.status == 400
        return (*expected, 400) if malformed else expected

    def tell(self, change: Change) -> None:
        """Tells the listeners of a message that was made, edited or deleted."""
        kind = "delete" if change.deleted else "message"
        self._events.publish({"type": kind, "message_id": change.message.id})

    def _apply(
        self,
        body: Mapping[str, Any],
        callback: Mapping[str, Any],
        files: list[Part],
        started_at: float,
        ack_ms: float,
    ) -> Outcome:
        raw_user = (body.get("member") or {}).get("user") or body.get("user") or {}
        name = raw_user.get("global_name") or raw_user.get("username")
        user = self.state.world.user(str(raw_user.get("id", "0")), name)
        session = Session(
            body=body,
            user=user,
            came_from=self.state.origin(body, user),
            place=self.state.world.place_of(body),
            created_at=started_at,
            known_from=self._known_from(callback, str(body["id"])),
            callback_type=0,
            ack_ms=ack_ms,
        )
        outcome = apply_callback(self.state, session, callback, files)
        if outcome.message:
            self.tell(Change(outcome.message))
        return outcome

    def _known_from(self, callback: Mapping[str, Any], interaction_id: str) -> float:
        """The 404 race: Discord needs a moment after the deferral until it knows the token."""
        now = self.state.now()
        deferred = callback.get("type") in {DEFERRED, DEFERRED_UPDATE}
        if deferred and self._faults.happens("discord_404_race", interaction_id):
            return now + self._faults.between("discord_404_race", 0.3, 1.5, interaction_id)
        return now

    def _remember(self, delivered: Delivered) -> None:
        self._delivered[delivered.interaction_id] = delivered
        while len(self._delivered) > _KEEP_OUTCOMES:
            self._delivered.popitem(last=False)

    def _record_callback(
        self,
        body: Mapping[str, Any],
        callback: Any,
        files: list[Part],
        exchange: Exchange,
        expected: tuple[int, ...],
        *,
        duplicate: bool,
    ) -> None:
        line: dict[str, Any] = {
            "callback": callback,
            "interaction": body,
            "status": exchange.status,
            "headers": masked_headers(exchange.headers),
            "interaction_ts": exchange.started_at,
            "ts": exchange.started_at + exchange.elapsed_s,
        }
        line |= {"files": file_summaries(files)} if files else {}
        line |= {"expect_status": list(expected)} if expected != (200,) or callback is None else {}
        self._recorder.write(line | ({"duplicate": True} if duplicate else {}))

    def _api_exchanged(self, request: Request, call: Call, answer: Answer, ms: float) -> None:
        query = f"?{request.url.query}" if request.url.query else ""
        line: dict[str, Any] = {
            "method": call.method,
            "path": request.url.path + query,
            "headers": masked_headers(request.headers.items()),
        }
        token = _TOKEN.search(request.url.path)
        session = self.state.session_of_token(token[2]) if token else None
        line |= {"interaction_id": session.id} if session else {}
        if call.multipart:
            line |= {"payload_json": call.body, "files": file_summaries(call.files)}
        elif call.body is not None:
            line["json"] = call.body
        if call.carried_out is not None:
            line["carried_out"] = call.carried_out
        self._recorder.write(line | {"status": answer.status, "ts": self.state.now()})
        sent = {"payload_json": call.body, "files": file_summaries(call.files)}
        title = f"{call.method} {_masked(request.url.path)}{query}"
        shown = sent if call.multipart else call.body
        self._tell_exchange(title, shown, answer, round(ms, 1), session.id if session else None)

    def _tell_exchange(
        self, title: str, sent: Any, answer: Answer, ms: float, interaction_id: str | None
    ) -> None:
        method, _, path = title.partition(" ")
        answered = _without_token(answer.body)
        self._events.publish(
            {
                "type": "exchange",
                "interaction_id": interaction_id,
                "request": {"method": method, "path": path, "json": _without_token(sent)},
                "response": {"status": answer.status, "ms": ms, "json": answered},
            }
        )


def _masked(path: str) -> str:
    """A path without the interaction's token."""
    return _TOKEN.sub(r"\1***", path)


def _without_token(body: Any) -> Any:
    if isinstance(body, Mapping) and isinstance(body.get("token"), str):
        return {**body, "token": "***"}
    return body


def _json_object(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _callback(exchange: Exchange) -> tuple[Any, list[Part]]:
    """The callback in an answer, which may carry files."""
    headers = {name.lower(): value for name, value in exchange.headers}
    content_type = headers.get("content-type", "")
    if not content_type.startswith("multipart/form-data"):
        return _json_object(exchange.content), []
    try:
        parts = parse_multipart(exchange.content, content_type)
    except BadMultipart:
        return None, []
    payload = next((part.content for part in parts if part.name == "payload_json"), b"")
    return _json_object(payload), [part for part in parts if part.filename is not None]
