"""The adapters that this group's commands are given, by the names of their parameters."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from functions.system.figures import Figures
from functions.system.registry import Registry
from functions.system.sandbox_calls import Sandbox
from functions.system.sandboxes import LambdaSandbox, LocalSandbox, invoke_config
from functions.system.settings import Settings
from functions.system.settings_view import Offer
from utilsbot import __version__
from utilsbot.discord.admin_rest import AdminApi
from utilsbot.discord.guild import Guild
from utilsbot.discord.rest import user_agent
from utilsbot.discord.sync import Plan
from utilsbot.errors import NotConfigured
from utilsbot.i18n import _
from utilsbot.runtime import Parts
from utilsbot.secrets import SecretReader
from utilsbot.settings import Secret
from utilsbot.spec import Access, Command, CommandType
from utilsbot.store.audit import Audit
from utilsbot.store.chat_rows import Chat
from utilsbot.store.chats import Chats
from utilsbot.store.flags import Flags
from utilsbot.store.guild_settings_store import GuildSettingsStore
from utilsbot.store.logs import Logs
from utilsbot.store.memberships import Memberships
from utilsbot.store.preferences import Preferences
from utilsbot.store.privacy import Privacy
from utilsbot.store.reloading_secrets import reloading_secrets
from utilsbot.store.stats import Stats

if TYPE_CHECKING:
    from functions.system.chart import Charts


class LazyDiscord:
    """Discord's REST API with the bot's token, which is read when a command first needs it."""

    def __init__(self, settings: Settings, secrets: SecretReader, parts: Parts) -> None:
        """Args: secrets: where the token is."""
        self._settings = settings
        self._secrets = secrets
        self._parts = parts
        self._known: tuple[Secret, AdminApi] | None = None

    @property
    def api(self) -> AdminApi:
        """The API.

        Raises:
            NotConfigured: no token is configured.
            ServiceError: it could not be read.
        """
        if not self._settings.bot_token_parameter:
            raise NotConfigured(_("The bot's token"))
        token = self._secrets.read(self._settings.bot_token_parameter)
        if self._known is None or self._known[0] != token:
            self._known = (
                token,
                AdminApi(
                    self._settings.discord_api,
                    token,
                    user_agent=user_agent(__version__),
                    clock=self._parts.clock,
                ),
            )
        return self._known[1]

    def guilds(self) -> Sequence[Guild]:
        """The bot's guilds."""
        return self.api.guilds()


class LazyRegistry:
    """The registry, once there is a token."""

    def __init__(self, discord: LazyDiscord, flags: Flags, developer_guild_id: str | None) -> None:
        """Args: flags: where Discord's ids are noted."""
        self._discord = discord
        self._flags = flags
        self._developer_guild_id = developer_guild_id

    def plan(self, guild_id: str | None) -> Plan:
        """What an overwrite of a scope would do."""
        return self._registry.plan(guild_id)

    def apply(self, plan: Plan) -> None:
        """Does it and notes Discord's ids."""
        self._registry.apply(plan)

    @property
    def _registry(self) -> Registry:
        return Registry(self._discord.api, self._flags, _specs, self._developer_guild_id)


class LazyCharts:
    """Charts; Pillow is imported when the first is drawn."""

    def draw(self, found: Figures) -> bytes:
        """A PNG."""
        return self._charts.draw(found)

    @cached_property
    def _charts(self) -> "Charts":
        from functions.system.chart import Charts

        return Charts()


def build_ports(parts: Parts, secrets: SecretReader | None = None) -> dict[str, object]:
    """Every port of the group.

    Args:
        parts: the worker's.
        secrets: where the bot's token is; by default Parameter Store, which /reload makes fresh.

    Raises:
        BadSettings: a variable is wrong.
    """
    settings = Settings.from_env(parts.environment)
    client, table = parts.dynamodb, parts.table
    flags = Flags(client, table)
    secrets = secrets or reloading_secrets(client, table, parts.clock)
    discord = LazyDiscord(settings, secrets, parts)
    return {
        "charts": LazyCharts(),
        "counters": Stats(client, table),
        "developers": settings.developers,
        "directory": discord,
        "files": parts,
        "groups": groups(),
        "guild_store": GuildSettingsStore(client, table),
        "holdings": Privacy(
            client, table, parts.clock.now, _conversations(settings, secrets, parts)
        ),
        "lists": Memberships(client, table),
        "logs": Logs(client, table),
        "offers": offers(),
        "preferences": Preferences(client, table),
        "registry": LazyRegistry(discord, flags, settings.developer_guild_id),
        "sandbox": _sandbox(settings.sandbox),
        "switchboard": flags,
        "trail": Audit(client, table),
    }


def groups() -> dict[str, str]:
    """Every command's group, by its slug."""
    from functions.catalog import CATALOG

    return {module.spec.slug: module.group for module in CATALOG}


def offers() -> dict[str, tuple[Offer, ...]]:
    """What a server's administrators may switch off, by group.

    Only what is for users: help, settings and people's own data are for everyone and stay on.
    """
    from functions.catalog import CATALOG

    found: dict[str, list[Offer]] = {}
    for module in CATALOG:
        spec = module.spec
        if spec.access is Access.USERS:
            name = f"/{spec.name}" if spec.type is CommandType.CHAT_INPUT else spec.name
            found.setdefault(module.group, []).append(Offer(spec.slug, name, spec.summary))
    return {group: tuple(found[group]) for group in found}


def _specs() -> Iterable[Command]:
    from functions.catalog import CATALOG

    return [module.spec for module in CATALOG]


def _sandbox(function: str) -> Sandbox | None:
    if not function:
        return None
    if function == "local":
        return LocalSandbox()
    return LambdaSandbox(boto3.client("lambda", config=Config(**invoke_config())), function)


def _conversations(
    settings: Settings, secrets: SecretReader, parts: Parts
) -> Callable[[str], list[dict[str, Any]]] | None:
    """Opens a user's conversations for their export; None where none can have been sealed."""
    parameter = settings.chat_key_parameter
    if not parameter:
        return None

    def opened(user_id: str) -> list[dict[str, Any]]:
        # PyNaCl is imported for an export only.
        from utilsbot.sealing import XChaChaSeal

        seal = XChaChaSeal(lambda: secrets.read(parameter))
        now = parts.clock.now
        chats = Chats(parts.dynamodb, parts.table, seal, now=now, life_s=0, max_tokens=0)
        return [_told(chat) for chat in chats.all_of(user_id)]

    return opened


def _told(chat: Chat) -> dict[str, Any]:
    """A conversation as its owner reads it."""
    turns = [
        {
            "asked_at": turn.asked_at,
            "question": turn.question,
            "texts": dict(turn.texts),
            "pictures": [picture.filename for picture in turn.pictures],
            "answer": turn.answer,
            "model": turn.model,
        }
        for turn in chat.turns
    ]
    return {"place": chat.place, "expires_at": chat.expires_at, "turns": turns}
