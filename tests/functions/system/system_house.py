"""The system group as its worker runs it, on moto: interactions in, checked replies out."""

from collections.abc import Mapping, Sequence
from typing import Any

import boto3

from functions.system.figures import Figures
from functions.system.settings_view import Offer
from tests.contract.discord_schema import assert_message_edit
from tests.interactions import NOW, Json, command_interaction, component_interaction, parsed
from utilsbot.catalog import Catalog
from utilsbot.clock import Clock
from utilsbot.context import Context
from utilsbot.discord.components import Button, Select
from utilsbot.discord.guild import Guild
from utilsbot.discord.messages import render
from utilsbot.discord.snowflake import reference_id
from utilsbot.invoke import invoke
from utilsbot.reply import Reply
from utilsbot.routing import route
from utilsbot.store import table as store_table
from utilsbot.store.audit import Audit
from utilsbot.store.flags import Flags
from utilsbot.store.guild_settings_store import GuildSettingsStore
from utilsbot.store.logs import Logs
from utilsbot.store.memberships import Memberships
from utilsbot.store.preferences import Preferences
from utilsbot.store.privacy import Privacy
from utilsbot.store.stats import Stats

CATALOG = Catalog("functions.system")
GROUPS = {
    "hash": "tools",
    "qr": "tools",
    "ask": "ai",
    "load": "system",
    "privacy": "system",
    "preferences": "system",
}
OFFERS = {
    "tools": (Offer("hash", "/hash", "Digest"), Offer("qr", "/qr", "Make or read")),
    "ai": (Offer("ask", "/ask", "Ask the AI"),),
}
DEVELOPER = "300000000000000099"


def indexed_table(name: str) -> None:
    """A table with the index that the template gives it."""
    text = {"AttributeType": "S"}
    boto3.client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": attribute, **text}  # type: ignore[typeddict-item]
            for attribute in ("pk", "sk", "guild_id")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_guild",
                "KeySchema": [
                    {"AttributeName": "guild_id", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )


class Directory:
    """Discord's list of the bot's guilds."""

    def __init__(self, guilds: Sequence[Guild] = ()) -> None:
        self.known = list(guilds)

    def guilds(self) -> Sequence[Guild]:
        return self.known


class Charts:
    """Notes what is to be drawn."""

    def __init__(self) -> None:
        self.drawn: list[Figures] = []

    def draw(self, found: Figures) -> bytes:
        self.drawn.append(found)
        return b"\x89PNG\r\n\x1a\n"


class House:
    """The group's ports on a table, and a way to call its commands."""

    def __init__(self, table: str, clock: Clock) -> None:
        client = store_table.connect()
        self.table = table
        self.flags, self.lists = Flags(client, table), Memberships(client, table)
        self.trail = Audit(client, table)
        self.ports: dict[str, Any] = {
            "charts": Charts(),
            "counters": Stats(client, table),
            "developers": frozenset({DEVELOPER}),
            "directory": Directory(),
            "groups": GROUPS,
            "guild_store": GuildSettingsStore(client, table),
            "holdings": Privacy(client, table, clock.now),
            "lists": self.lists,
            "logs": Logs(client, table),
            "offers": OFFERS,
            "preferences": Preferences(client, table),
            "sandbox": None,
            "switchboard": self.flags,
            "trail": self.trail,
        }
        self._calls = 0

    def answer(self, body: Json) -> Reply:
        """The reply to an interaction, checked against Discord's limits and schema."""
        interaction = parsed(body)
        call = route(interaction, CATALOG)
        context = Context(
            interaction=interaction,
            now=NOW,
            reference=reference_id(interaction.id),
            private=call.private,
            developer=True,
            values=call.values,
            fields=call.fields,
        )
        reply = invoke(call, context, self.ports)
        assert isinstance(reply, Reply)
        limit = interaction.attachment_size_limit
        (message,) = render(reply, attachment_limit_bytes=limit, max_messages=1)
        files = [(file.name, len(file.content)) for file in message.files]
        assert_message_edit(message.edit_payload, files)
        return reply

    def call(
        self, name: str, subcommand: str | None = None, /, *, by: str = DEVELOPER, **options: Any
    ) -> Reply:
        """A command of its own moment; ids among the options become users."""
        self._calls += 1
        common: dict[str, Any] = {"user_id": by, "at": NOW + self._calls}
        body = command_interaction(name, subcommand, options=options, **common)
        given = body["data"].get("options", [])
        for option in given[0]["options"] if subcommand else given:
            if option["name"] == "user":
                option["type"] = 6
        return self.answer(body)

    def press(
        self, custom_id: str, *, by: str = DEVELOPER, values: Sequence[str] | None = None
    ) -> Reply:
        """A press of a button or a choice in a menu."""
        self._calls += 1
        return self.answer(
            component_interaction(
                custom_id, user_id=by, owner_id=by, at=NOW + self._calls, values=values
            )
        )

    def put(self, pk: str, sk: str = "PROFILE", **values: Any) -> None:
        """A row in the store."""
        boto3.resource("dynamodb").Table(self.table).put_item(Item={"pk": pk, "sk": sk, **values})

    def rows(self) -> list[Mapping[str, Any]]:
        """All there is."""
        return list(boto3.resource("dynamodb").Table(self.table).scan()["Items"])


def buttons(reply: Reply) -> dict[str, Button]:
    """The buttons of a reply by label."""
    parts = [part for row in reply.rows for part in row.components]
    return {part.label: part for part in parts if isinstance(part, Button)}


def menus(reply: Reply) -> list[Select]:
    """The menus of a reply."""
    parts = [part for row in reply.rows for part in row.components]
    return [part for part in parts if isinstance(part, Select)]


def text_of(reply: Reply) -> str:
    """All that a reply says."""
    said = [reply.content]
    for embed in reply.embeds:
        said += [embed.title, embed.description, embed.footer]
        said += [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join(said)
