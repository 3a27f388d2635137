"""What registering the commands would change, field by field, and how it is done in one request.

The engine of `/sync` and of `utilsbot sync`: both show the plan first, and apply only that plan.
Discord's bulk overwrite deletes what is missing, with its permissions (application-commands.mdx,
Bulk Overwrite), so what is deleted is always named.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from utilsbot.discord.registration import registration
from utilsbot.errors import UserError
from utilsbot.i18n import _
from utilsbot.spec import Access, Command

_DISCORDS_OWN = {
    *("id", "application_id", "version", "guild_id", "name_localized", "description_localized"),
    *("dm_permission", "default_permission", "handler"),
}
_GLOBAL_ONLY = {"contexts", "integration_types"}
_UNORDERED = {"contexts", "integration_types", "channel_types"}
_ENTRY_POINT = 4
"""An Activity's own command, which Discord makes: an overwrite has to keep it."""

Payload = Mapping[str, Any]


class Registrar(Protocol):
    """utilsbot.discord.admin_rest.AdminApi."""

    def commands(self, guild_id: str | None) -> list[dict[str, Any]]:
        """The registered commands of a scope, with all localisations."""

    def overwrite(self, guild_id: str | None, body: Sequence[Payload]) -> list[dict[str, Any]]:
        """Replaces all commands of a scope; what Discord has then."""


class Changed(NamedTuple):
    """A command that both sides have, and the fields that differ."""

    name: str
    fields: tuple[str, ...]
    """As `description` or `options.text.max_length`."""


class Plan(NamedTuple):
    """What an overwrite would do; names with a slash where they are slash commands."""

    guild_id: str | None
    """Of what scope; None: global."""
    created: tuple[str, ...]
    changed: tuple[Changed, ...]
    deleted: tuple[str, ...]
    unchanged: tuple[str, ...]
    body: tuple[Payload, ...]
    """What would be sent."""
    digest: str
    """Stands for what is registered and what is wanted: equal digests mean the same plan."""

    @property
    def changes_anything(self) -> bool:
        """Whether there is something to do."""
        return bool(self.created or self.changed or self.deleted)


class PlanOutdated(UserError):
    """Somebody registered commands, or the bot was deployed, after the plan was shown."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "What is registered is no longer what this plan was made for. Nothing was changed; "
                "look at the new plan."
            ),
            title=_("The plan is out of date"),
        )


def wanted(
    specs: Iterable[Command], *, guild_id: str | None, developer_guild_id: str | None
) -> list[dict[str, Any]]:
    """What is to be registered in a scope.

    With a developers' guild, developers' commands are registered there and nowhere else; without
    one they are global and hidden by default permissions. No other guild has commands of its own.

    Args:
        specs: every command.
        guild_id: the scope; None: global.
        developer_guild_id: the developers' guild, if there is one.

    Raises:
        LimitExceeded: Discord would refuse it.
    """
    known = list(specs)
    if guild_id is None:
        return registration(
            spec
            for spec in known
            if developer_guild_id is None or spec.access is not Access.DEVELOPERS
        )
    if guild_id != developer_guild_id:
        return []
    return for_guild(registration(s for s in known if s.access is Access.DEVELOPERS))


def for_guild(body: Iterable[Payload]) -> list[dict[str, Any]]:
    """A registration without what only global commands may have."""
    return [{k: v for k, v in command.items() if k not in _GLOBAL_ONLY} for command in body]


def make_plan(
    registered: Sequence[Payload], body: Sequence[Payload], guild_id: str | None = None
) -> Plan:
    """Compares what Discord has with what we want; fields that Discord fills in are left out."""
    entry_points = [command for command in registered if command.get("type") == _ENTRY_POINT]
    to_send = (*body, *(_without_own(command) for command in entry_points))
    theirs = for_guild(registered) if guild_id else registered
    before = {_key(command): _plain(command) for command in theirs}
    after = {_key(command): _plain(command) for command in to_send}
    differing = {
        key: tuple(dict.fromkeys(_differences(before[key], after[key])))
        for key in sorted(before.keys() & after.keys())
    }
    state = json.dumps([sorted(before.items()), sorted(after.items())], sort_keys=True)
    return Plan(
        guild_id=guild_id,
        created=_names(after.keys() - before.keys()),
        changed=tuple(Changed(_name(k), fields) for k, fields in differing.items() if fields),
        deleted=_names(before.keys() - after.keys()),
        unchanged=_names(key for key, fields in differing.items() if not fields),
        body=to_send,
        digest=sha256(state.encode()).hexdigest()[:16],
    )


def plan(registrar: Registrar, body: Sequence[Payload], guild_id: str | None) -> Plan:
    """Asks Discord what it has, and says what an overwrite would do.

    Raises:
        DiscordError: Discord refused or did not answer.
    """
    return make_plan(registrar.commands(guild_id), body, guild_id)


def apply(registrar: Registrar, shown: Plan) -> dict[str, str]:
    """Does what a plan says, if it still is the plan.

    Args:
        registrar: Discord.
        shown: the plan that somebody agreed to.

    Returns:
        Discord's ids of the commands, by name.

    Raises:
        PlanOutdated: another one would be made now; nothing is changed.
        DiscordError: Discord refused or did not answer.
    """
    own = [command for command in shown.body if command.get("type") != _ENTRY_POINT]
    if plan(registrar, own, shown.guild_id).digest != shown.digest:
        raise PlanOutdated
    return command_ids(registrar.overwrite(shown.guild_id, shown.body))


def command_ids(registered: Iterable[Payload]) -> dict[str, str]:
    """Discord's ids by name, of slash commands."""
    return {str(c["name"]): str(c["id"]) for c in registered if c.get("type", 1) == 1}


def _key(command: Payload) -> tuple[int, str]:
    return int(command.get("type", 1)), str(command["name"])


def _name(key: tuple[int, str]) -> str:
    return ("/" if key[0] == 1 else "") + key[1]


def _names(found: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(map(_name, sorted(found)))


def _without_own(command: Payload) -> dict[str, Any]:
    kept = {"handler"}
    return {k: v for k, v in command.items() if k not in _DISCORDS_OWN - kept}


def _plain(node: Any, key: str = "") -> Any:
    """Without what Discord adds; null, false, empty and Discord's defaults count as not said."""
    if isinstance(node, Mapping):
        inner = {k: _plain(v, k) for k, v in node.items() if k not in _DISCORDS_OWN}
        return {k: v for k, v in inner.items() if not (v is None or v is False or v in ("", {}))}
    if isinstance(node, list | tuple):
        listed = [_plain(item) for item in node]
        return (sorted(listed) if key in _UNORDERED else listed) or None
    if isinstance(node, float) and node.is_integer():
        return int(node)
    return node


def _differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The paths of what differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            here = f"{path}.{key}" if path else key
            yield from _differences(before.get(key), after.get(key), here)
    elif _is_named(before) and _is_named(after):
        yield from _list_differences(before, after, path)
    elif before != after:
        yield path


def _is_named(node: Any) -> bool:
    """Whether it is a list of options or choices."""
    return isinstance(node, list) and all(isinstance(i, dict) and "name" in i for i in node)


def _list_differences(before: list[Any], after: list[Any], path: str) -> Iterator[str]:
    old, new = ({str(item["name"]): item for item in side} for side in (before, after))
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            yield f"{path}.{name}"
        else:
            yield from _differences(old[name], new[name], f"{path}.{name}")
    if list(old) != list(new) and old.keys() == new.keys():
        yield f"{path} (order)"
