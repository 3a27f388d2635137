"""Registers the commands with the stand-in as `utilsbot sync` does with Discord: over its API.

The ids that come back go where the bot looks for them, so that /help links commands.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from utilsbot.discord import sync
from utilsbot.discord.admin_rest import AdminApi
from utilsbot.discord.http_client import new_client
from utilsbot.discord.rest import user_agent
from utilsbot.errors import DiscordError, StoreError
from utilsbot.settings import Secret
from utilsbot.store.flags import Flags

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class NotRegistered(Exception):
    """Discord would refuse the commands, or the ids could not be noted; the message says why."""


def register(
    commands: Sequence[Mapping[str, Any]],
    *,
    api_url: str,
    token: str,
    dynamodb: "DynamoDBClient",
    table: str | None,
) -> None:
    """Registers the commands globally and notes their ids.

    Args:
        commands: Discord's registration JSON.
        api_url: the stand-in's, with its version.
        token: a bot's.
        dynamodb: of the local AWS.
        table: the bot's; None: it has none.

    Raises:
        NotRegistered: see there; what was registered before stays.
    """
    try:
        with new_client() as client:
            agent = user_agent("local")
            api = AdminApi(api_url, Secret(token), user_agent=agent, client=client)
            ids = sync.command_ids(api.overwrite(None, commands))
        if table:
            flags = Flags(dynamodb, table)
            flags.note_command_ids(ids, gone=flags.state().command_ids.keys() - ids.keys())
    except (DiscordError, StoreError) as error:
        raise NotRegistered(f"the commands cannot be registered: {error}") from None
