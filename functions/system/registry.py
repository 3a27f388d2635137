"""Registers the catalog with Discord and notes the ids that Discord gives."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from utilsbot.discord import sync
from utilsbot.discord.sync import Plan, Registrar
from utilsbot.spec import Command
from utilsbot.store.flags import Flags


class Registry:
    """Plans and applies; the engine is utilsbot.discord.sync."""

    def __init__(
        self,
        registrar: Registrar,
        flags: Flags,
        specs: Callable[[], Iterable[Command]],
        developer_guild_id: str | None,
    ) -> None:
        """Args: specs: every command of the bot. developer_guild_id: where developers' ones go."""
        self._registrar = registrar
        self._flags = flags
        self._specs = specs
        self._developer_guild_id = developer_guild_id

    def plan(self, guild_id: str | None) -> Plan:
        """What an overwrite of a scope would do.

        Raises:
            DiscordError: Discord refused or did not answer.
        """
        body = sync.wanted(
            self._specs(), guild_id=guild_id, developer_guild_id=self._developer_guild_id
        )
        return sync.plan(self._registrar, body, guild_id)

    def apply(self, plan: Plan) -> None:
        """Does it, and notes Discord's ids for links in /help: global ones, and developers'.

        Raises:
            PlanOutdated: another plan would be made now; nothing is changed.
            DiscordError: Discord refused or did not answer.
            StoreError: it is done, but the ids could not be noted; doing it again is harmless.
        """
        ids: Mapping[str, Any] = sync.apply(self._registrar, plan)
        if plan.guild_id in {None, self._developer_guild_id}:
            gone = [name.removeprefix("/") for name in plan.deleted]
            self._flags.note_command_ids(ids, gone)
