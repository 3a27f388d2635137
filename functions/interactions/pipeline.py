"""The visible way of one interaction through the front door (design §1).

Bytes and headers in, a status and a JSON body out: no server, no Lambda, no environment in here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from functions.interactions.gate import FRONT_DOOR, Gate
from functions.interactions.handover import Handover
from functions.interactions.verify import Unauthorized, Verifier
from utilsbot.catalog import Catalog
from utilsbot.clock import Clock, Deadline
from utilsbot.context import Context
from utilsbot.discord.components import Modal
from utilsbot.discord.interaction import (
    Interaction,
    InteractionType,
    MalformedInteraction,
    parse_interaction,
)
from utilsbot.discord.limits import MAX_CHOICES
from utilsbot.discord.messages import callback_message, callback_update
from utilsbot.discord.snowflake import reference_id
from utilsbot.discord.wire import read_json
from utilsbot.envelope import Envelope
from utilsbot.error_reply import error_reply
from utilsbot.errors import Refused, ServiceError, UserError
from utilsbot.i18n import language_of, speak
from utilsbot.invoke import invoke
from utilsbot.log import Logger, describe, user_hash
from utilsbot.reply import Choices, Reply
from utilsbot.routing import Call, route
from utilsbot.spec import Ack

_PONG = {"type": 1}
_MESSAGE, _DEFERRED_MESSAGE, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _MODAL = 4, 5, 6, 7, 8, 9
_EPHEMERAL = 64
_WAITED_S = 2.6
"""The age at which an interaction has waited for AWS long enough: Discord gives up on it at 3 s."""
_MOST_S, _LEAST_S = 2.3, 1.0
"""How long it may wait from now on; its age compares two clocks, so it only decides in between."""


class Answer(NamedTuple):
    """What goes back to Discord."""

    status: int
    body: Mapping[str, Any]


class Pipeline:
    """Verify, parse, route, gate, then answer at once or hand over and acknowledge."""

    def __init__(
        self,
        *,
        verifier: Verifier,
        catalog: Catalog,
        gate: Gate,
        handover: Handover,
        ports: Mapping[str, Any],
        clock: Clock,
        deadline: Deadline,
        log: Logger,
    ) -> None:
        """Args: ports: for the Info commands, by parameter name. deadline: of all that waits."""
        self._verifier = verifier
        self._catalog = catalog
        self._gate = gate
        self._handover = handover
        self._ports = ports
        self._clock = clock
        self._deadline = deadline
        self._log = log

    def answer(self, headers: Mapping[str, str], body: bytes, **facts: Any) -> Answer:
        """The answer to one request.

        Args:
            headers: names in lower case.
            body: the bytes as Discord sent them.
            facts: more for the canonical log line, as the request id.
        """
        began = self._clock.monotonic()
        line: dict[str, Any] = dict(facts)
        answer = self._answer(headers, body, line)
        line["status"] = answer.status
        line["duration_ms"] = round((self._clock.monotonic() - began) * 1000, 1)
        level = "ERROR" if "frames" in line or answer.status >= 500 else "INFO"
        self._log("interaction", level=level, **line)
        return answer

    def _answer(self, headers: Mapping[str, str], body: bytes, line: dict[str, Any]) -> Answer:
        try:
            self._verifier.verify(headers, body)
        except Unauthorized as error:
            line |= {"outcome": "unauthorized", "reason": str(error)}
            return Answer(401, {"error": "invalid request signature"})
        try:
            raw = read_json(body)
            if isinstance(raw, dict) and raw.get("type") == InteractionType.PING:
                line["outcome"] = "pong"
                return Answer(200, _PONG)
            interaction = parse_interaction(raw)
            received = Envelope(raw, self._clock.now(), text=body.decode())
        except ValueError as error:
            reason = str(error) if isinstance(error, MalformedInteraction) else "not JSON"
            line |= {"outcome": "malformed", "reason": reason}
            return Answer(400, {"error": f"not an interaction that this bot knows: {reason}"})
        return Answer(200, self._respond(interaction, received, line))

    def _respond(
        self, interaction: Interaction, received: Envelope, line: dict[str, Any]
    ) -> Mapping[str, Any]:
        """The callback; every failure becomes a private reply, or no choices in an autocomplete."""
        age_s = self._clock.now() - interaction.created_at
        self._deadline.set(min(_MOST_S, max(_LEAST_S, _WAITED_S - age_s)))
        reference = reference_id(interaction.id)
        speak(language_of(interaction.locale))
        line |= {
            "interaction_id": interaction.id,
            "reference": reference,
            "type": interaction.type.name.lower(),
            "user": user_hash(interaction.user.id),
            "guild_id": interaction.guild_id,
            "age_ms": round(age_s * 1000),
        }
        try:
            call = route(interaction, self._catalog)
            line |= {"command": call.name, "group": call.command.group}
            return self._callback(interaction, call, received, reference, line)
        except Exception as error:
            line |= _outcome(error)
            if interaction.type is InteractionType.AUTOCOMPLETE:
                return {"type": _CHOICES, "data": {"choices": []}}
            reply = error_reply(error, reference)
            return {"type": _MESSAGE, "data": callback_message(reply, private=True)}

    def _callback(
        self,
        interaction: Interaction,
        call: Call,
        received: Envelope,
        reference: str,
        line: dict[str, Any],
    ) -> Mapping[str, Any]:
        context = Context(
            interaction=interaction,
            now=received.received_at,
            reference=reference,
            private=call.private,
            developer=self._gate.is_developer(interaction),
            values=call.values,
            fields=call.fields,
        )
        if interaction.type is InteractionType.AUTOCOMPLETE:
            self._gate.authorize(interaction, call)
            line["outcome"] = "choices"
            return _choices(invoke(call, context, self._ports))
        began = self._clock.monotonic()
        try:
            entrance = self._gate.admit(interaction, call)
        finally:
            line["gate_ms"] = round((self._clock.monotonic() - began) * 1000, 1)
        line["verdict"] = entrance.verdict.value
        call = call._replace(private=entrance.private)
        context = context._replace(private=entrance.private, language=entrance.language)
        if call.ack is Ack.MODAL:
            modal = _first_answer(call, context)
            if modal is not None:
                line["outcome"] = "modal"
                return {"type": _MODAL, "data": modal.payload()}
        if call.command.group == FRONT_DOOR:
            ports = {**self._ports, "store_ms": line["gate_ms"]}
            return self._reply(call, cast("Reply", invoke(call, context, ports)), line)
        envelope = received._replace(
            developer=context.developer,
            private=entrance.private,
            language=entrance.language,
            first_today=entrance.first_today,
            ai_requests=entrance.guild.ai_requests,
        )
        return self._defer(call, envelope, line)

    def _reply(self, call: Call, reply: Reply, line: dict[str, Any]) -> Mapping[str, Any]:
        line["outcome"] = "answered"
        if call.ack is Ack.UPDATE:
            return {"type": _UPDATE, "data": callback_update(reply)}
        return {"type": _MESSAGE, "data": callback_message(reply, private=call.private)}

    def _defer(self, call: Call, envelope: Envelope, line: dict[str, Any]) -> Mapping[str, Any]:
        began = self._clock.monotonic()
        try:
            self._handover.send(call.command.group, envelope)
        finally:
            line["queue_ms"] = round((self._clock.monotonic() - began) * 1000, 1)
        line["outcome"] = "deferred"
        if call.ack is Ack.UPDATE:
            return {"type": _DEFERRED_UPDATE}
        flags = {"data": {"flags": _EPHEMERAL}} if call.private else {}
        return {"type": _DEFERRED_MESSAGE, **flags}


def _first_answer(call: Call, context: Context) -> Modal | None:
    """The modal that a call opens; a command may decline and be deferred like any other."""
    if call.action:
        return cast("Modal", invoke(call, context, {}))
    function = call.command.function("first_answer")
    return cast("Modal | None", function(context, **call.options))


def _choices(answer: Choices) -> Mapping[str, Any]:
    choices = [{"name": c.name, "value": c.value} for c in answer.choices[:MAX_CHOICES]]
    return {"type": _CHOICES, "data": {"choices": choices}}


def _outcome(error: Exception) -> dict[str, Any]:
    """How the canonical line names a failure."""
    match error:
        case Refused():
            return {"outcome": "refused", "reason": error.reason}
        case UserError():
            return {"outcome": "user_error", "reason": type(error).__name__}
        case ServiceError():
            return {"outcome": "service_error", "reason": type(error).__name__, "cause": str(error)}
        case _:
            return {"outcome": "error", **describe(error)}
