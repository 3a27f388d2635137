"""The gate's part of the store: one conditional write a call, and the switches, read every 20 s.

Written for the front door's small client. The caller's row carries their cooldowns, so one
UpdateItem can check the blacklist, the whitelist and the rate, and note who was seen when
(docs/decisions/0004).
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from math import inf
from time import gmtime, strftime
from typing import Any, NamedTuple

from utilsbot.aws import AwsClient, AwsError
from utilsbot.clock import Clock
from utilsbot.errors import StoreError
from utilsbot.spec import Cooldown
from utilsbot.store import keys
from utilsbot.store.guild_settings import GuildSettings, guild_settings
from utilsbot.store.keys import PREFERS

SWITCHES_LIFE_S = 20
"""How long a warm front door trusts the switches; design: everywhere within 30 s."""
_MAX_ATTEMPTS = 4
_MAX_GUILDS = 1000
"""So many are remembered at once."""


class Verdict(Enum):
    """What the store says to a call."""

    ADMITTED = "admitted"
    REPEATED = "repeated"
    """The same interaction was admitted just now: Discord sent it twice."""
    BLACKLISTED = "blacklisted"
    NOT_WHITELISTED = "not_whitelisted"
    COOLDOWN = "cooldown"


class Admission(NamedTuple):
    """A verdict, and what is known of the caller."""

    verdict: Verdict
    retry_at: float = 0
    """With COOLDOWN: epoch seconds from when the next use is accepted."""
    language: str = ""
    """What the caller prefers, as a Discord locale; empty: what their Discord speaks."""
    private: bool = False
    """Whether the caller wants private answers where they can choose."""
    first_today: bool = False
    """Whether it is the caller's first command of the UTC day that a worker runs."""


class Flags(NamedTuple):
    """What operators switched, for everybody."""

    off: Mapping[str, str] = {}
    """Groups and commands that are off, by name, each with the reason that users see."""
    maintenance: str = ""
    """The text that everyone but developers sees; empty: no maintenance."""
    closed_beta: bool | None = None
    """Overrides the setting."""
    command_ids: Mapping[str, str] = {}
    """Discord's ids of the registered commands by name, as the last sync noted them."""


class Guild(NamedTuple):
    """What is known of a guild."""

    blacklisted: bool = False
    whitelisted: bool = False
    settings: GuildSettings = GuildSettings()
    """What its administrators set."""


class Switches(NamedTuple):
    """What holds in a guild, or outside of one."""

    flags: Flags = Flags()
    guild: Guild = Guild()


_NEVER = (-inf, Guild())


class Caller(NamedTuple):
    """Who asks to be admitted, and on what terms."""

    user_id: str
    name: str
    locale: str
    interaction_id: str
    command: str
    """The command's slug, which names its cooldown and its count."""
    cooldown: Cooldown | None = None
    needs_whitelist: bool = False
    counts: bool = True
    """Whether it is a command, and not a click on an earlier one's answer."""
    worked: bool = False
    """Whether a worker answers it, and so counts the caller among the day's users."""


class Admissions:
    """Asks DynamoDB whether a call may pass."""

    def __init__(self, client: AwsClient, table: str, clock: Clock) -> None:
        """Args: client: for dynamodb. table: its name."""
        self._client = client
        self._table = table
        self._clock = clock
        self._flags = (-inf, Flags())
        self._guilds: dict[str | None, tuple[float, Guild]] = {None: (inf, Guild())}
        """When each was read, and what it was; outside of guilds there is nothing to read."""

    def switches(self, guild_id: str | None) -> Switches:
        """The switches for a guild, at most SWITCHES_LIFE_S old.

        Raises:
            StoreError: no answer in time.
        """
        now = self._clock.monotonic()
        oldest = now - SWITCHES_LIFE_S
        wanted = [keys.flags()] if self._flags[0] < oldest else []
        if guild_id and self._guilds.get(guild_id, _NEVER)[0] < oldest:
            wanted.append(keys.guild(guild_id))
        if wanted:
            self._refresh(wanted, guild_id, now)
        return self.known_switches(guild_id)

    def known_switches(self, guild_id: str | None) -> Switches:
        """The switches as last read, without a call; none if they were never read."""
        return Switches(self._flags[1], self._guilds.get(guild_id, _NEVER)[1])

    def is_whitelisted(self, user_id: str) -> bool:
        """Whether a user is on the whitelist; a call, for /help in a closed beta.

        Raises:
            StoreError: no answer in time.
        """
        row = self._read(keys.user(user_id)).get(keys.user(user_id).pk, {})
        return bool(row.get("whitelisted", {}).get("BOOL"))

    def _read(self, *wanted: keys.Key) -> dict[str, dict[str, Any]]:
        """Rows by partition key."""
        request = {"Keys": [{"pk": {"S": key.pk}, "sk": {"S": key.sk}} for key in wanted]}
        try:
            answer = self._client.call(
                "DynamoDB_20120810.BatchGetItem", {"RequestItems": {self._table: request}}
            )
        except AwsError as error:
            raise StoreError(error.code) from None
        if answer.get("UnprocessedKeys"):
            raise StoreError("UnprocessedKeys")
        return {row["pk"]["S"]: row for row in answer["Responses"].get(self._table, [])}

    def _refresh(self, wanted: Sequence[keys.Key], guild_id: str | None, now: float) -> None:
        rows = self._read(*wanted)
        for key in wanted:
            row = rows.get(key.pk, {})
            if key == keys.flags():
                self._flags = (now, _flags(row))
                continue
            if len(self._guilds) > _MAX_GUILDS:
                self._guilds = {None: self._guilds[None]}
            self._guilds[guild_id] = (now, _guild(row))

    def admit(self, caller: Caller) -> Admission:
        """Admits a call, or says why not; a refusal writes nothing and costs no cooldown.

        The rate is the generic cell rate algorithm: the row holds the moment (ms) until which the
        caller's uses are paid; a use moves it by per_s / uses and is refused when it lies further
        ahead than a whole burst. Exact under races: every write names the moment it has seen.

        Raises:
            StoreError: no answer in time, or endless races.
        """
        seen: int | None = None
        for _ in range(_MAX_ATTEMPTS):
            now_ms = int(self._clock.now() * 1000)
            try:
                answer = self._client.call(
                    "DynamoDB_20120810.UpdateItem", self._update(caller, now_ms, seen)
                )
            except AwsError as error:
                if error.code != "ConditionalCheckFailedException":
                    raise StoreError(error.code) from None
                row = error.body.get("Item") or {}
                refusal = _refusal(caller, row, now_ms)
                if isinstance(refusal, Admission):
                    return _with_preferences(refusal, row)
                seen = refusal
            else:
                row = answer.get("Attributes") or {}
                first_today = caller.worked and _text(row, "counted_on") != _today(now_ms)
                return _with_preferences(Admission(Verdict.ADMITTED, first_today=first_today), row)
        raise StoreError("too many races for one caller")

    def _update(self, caller: Caller, now_ms: int, seen: int | None) -> dict[str, Any]:
        """The UpdateItem. `seen`: the paid-until moment of an earlier try, None on the first."""
        names = {"#name": "name", "#count": f"used_{caller.command}"}
        values: dict[str, Any] = {
            ":id": {"S": caller.interaction_id},
            ":name": {"S": caller.name},
            ":locale": {"S": caller.locale},
            ":now": {"N": str(now_ms)},
            ":one": {"N": "1" if caller.counts else "0"},
            ":true": {"BOOL": True},
        }
        sets = [
            "#name = :name",
            "locale = :locale",
            "last_seen_at = :now",
            "last_interaction_id = :id",
            "first_seen_at = if_not_exists(first_seen_at, :now)",
        ]
        conditions = [
            "(attribute_not_exists(blacklisted) OR blacklisted <> :true)",
            "(attribute_not_exists(last_interaction_id) OR last_interaction_id <> :id)",
        ]
        if caller.worked:
            values[":day"], values[":never"] = {"S": _today(now_ms)}, {"S": "never"}
            sets.append("counted_before = if_not_exists(counted_on, :never)")
            sets.append("counted_on = :day")
        if caller.needs_whitelist:
            conditions.append("whitelisted = :true")
        if caller.cooldown:
            names["#paid"] = _cooldown_attribute(caller.command)
            step_ms = _step_ms(caller.cooldown)
            values[":next"] = {"N": str((seen or now_ms) + step_ms)}
            sets.append("#paid = :next")
            if seen is None:
                conditions.append("(attribute_not_exists(#paid) OR #paid <= :now)")
            else:
                values[":seen"] = {"N": str(seen)}
                conditions.append("#paid = :seen")
        key = keys.user(caller.user_id)
        return {
            "TableName": self._table,
            "Key": {"pk": {"S": key.pk}, "sk": {"S": key.sk}},
            "UpdateExpression": f"SET {', '.join(sets)} ADD total_commands_used :one, #count :one",
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            "ReturnValues": "ALL_OLD",  # preferences, and the day that was counted before
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


def _flags(row: Mapping[str, Any]) -> Flags:
    return Flags(
        off=_texts(row.get("off")),
        maintenance=row.get("maintenance", {}).get("S", ""),
        closed_beta=row.get("closed_beta", {}).get("BOOL"),
        command_ids=_texts(row.get("command_ids")),
    )


def _guild(row: Mapping[str, Any]) -> Guild:
    return Guild(
        blacklisted=row.get("blacklisted", {}).get("BOOL", False),
        whitelisted=row.get("whitelisted", {}).get("BOOL", False),
        settings=guild_settings(row),
    )


def _texts(value: Mapping[str, Any] | None) -> dict[str, str]:
    """A map of texts from DynamoDB's JSON."""
    return {name: inner["S"] for name, inner in (value or {}).get("M", {}).items()}


def _with_preferences(admission: Admission, row: Mapping[str, Any]) -> Admission:
    return admission._replace(
        language=row.get(f"{PREFERS}language", {}).get("S", ""),
        private=row.get(f"{PREFERS}private", {}).get("S", "") == "yes",
    )


def _today(now_ms: int) -> str:
    return strftime("%Y-%m-%d", gmtime(now_ms / 1000))


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name, {}).get("S", ""))


def _cooldown_attribute(command: str) -> str:
    return f"cooldown_{command}"


def _step_ms(cooldown: Cooldown) -> int:
    return cooldown.per_s * 1000 // cooldown.uses


def _refusal(caller: Caller, row: Mapping[str, Any], now_ms: int) -> Admission | int | None:
    """Why a row refuses a caller; or the paid-until moment to try again with (None: as new)."""
    if row.get("blacklisted", {}).get("BOOL"):
        return Admission(Verdict.BLACKLISTED)
    if caller.needs_whitelist and not row.get("whitelisted", {}).get("BOOL"):
        return Admission(Verdict.NOT_WHITELISTED)
    if _text(row, "last_interaction_id") == caller.interaction_id:
        first_today = caller.worked and _text(row, "counted_before") != _text(row, "counted_on")
        return Admission(Verdict.REPEATED, first_today=first_today)
    if not caller.cooldown:
        return None
    paid_until = int(row.get(_cooldown_attribute(caller.command), {}).get("N", 0))
    burst_ms = caller.cooldown.per_s * 1000 - _step_ms(caller.cooldown)
    if paid_until - burst_ms > now_ms:
        return Admission(Verdict.COOLDOWN, (paid_until - burst_ms) / 1000)
    return paid_until if paid_until > now_ms else None
