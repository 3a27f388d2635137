"""`utilsbot sync`: registers the commands with Discord, after showing what would change."""

import json
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import click

from cli.target import Target, Where, where_options
from utilsbot.discord.sync import Plan, PlanOutdated
from utilsbot.errors import DiscordError, StoreError


def show(plan: Plan) -> Iterable[str]:
    """The plan, a line for each kind of step; what is deleted stands out."""
    changed = tuple(f"{change.name} ({', '.join(change.fields)})" for change in plan.changed)
    steps = {
        "create": plan.created,
        "change": changed,
        "DELETE": plan.deleted,
        "keep": plan.unchanged,
    }
    return [f"{word:>7}: {', '.join(names)}" for word, names in steps.items() if names]


def _wanted(guild_id: str | None, developer_guild: str | None) -> list[dict[str, Any]]:
    """What is to be registered; a guild gets everything, for trying, if no developers' one is."""
    from functions.catalog import CATALOG
    from utilsbot.discord import sync as engine
    from utilsbot.discord.registration import registration

    specs = [module.spec for module in CATALOG]
    if guild_id and developer_guild is None:
        return engine.for_guild(registration(specs))
    return engine.wanted(specs, guild_id=guild_id, developer_guild_id=developer_guild)


@click.command()
@click.option("--print", "print_only", is_flag=True, help="Print the registration body as JSON.")
@click.option(
    "--token", envvar="DISCORD_BOT_TOKEN", help="The bot token; best by DISCORD_BOT_TOKEN."
)
@click.option("--guild", "guild_id", metavar="GUILD_ID", help="Register in this guild only.")
@click.option(
    "--developer-guild",
    envvar="DEVELOPER_GUILD_ID",
    metavar="GUILD_ID",
    help="Where developers' commands are registered, and nowhere else, as the template's "
    "DeveloperGuildId. Without it they are everywhere, hidden by default permissions.",
)
@click.option(
    "--table",
    envvar="TABLE_NAME",
    help="The bot's DynamoDB table, if not by --stack: notes Discord's ids there, so that /help "
    "links commands.",
)
@where_options("stack", "region")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--api", envvar="DISCORD_API_URL", default="https://discord.com/api/v10", hidden=True)
def sync(
    print_only: bool,
    token: str | None,
    guild_id: str | None,
    developer_guild: str | None,
    table: str | None,
    yes: bool,
    api: str,
    where: Where,
) -> None:
    """Register the bot's commands with Discord.

    Shows what would be created, changed and deleted, and asks before anything is done.
    """
    developer_guild = developer_guild or None  # a variable that is set to nothing
    wanted = _wanted(guild_id, developer_guild)
    if print_only:
        click.echo(json.dumps(wanted, ensure_ascii=False, indent=2))
        return
    if not token:
        raise click.UsageError(
            "registering needs the bot token in DISCORD_BOT_TOKEN; --print works without"
        )
    target = None
    if (table or where.stack) and guild_id in {None, developer_guild}:  # others' are of no use
        target = Target(where._replace(table=table))
        table, _ = target.table, target.dynamodb  # nothing is registered if AWS does not answer
    try:
        ids, gone = _sync(wanted, token, guild_id, api, yes=yes)
        if target:
            _note(ids, gone, target)
    except PlanOutdated as error:
        raise click.ClickException(str(error)) from None
    except DiscordError as error:
        raise click.ClickException(f"Discord: {error}") from None
    except StoreError as error:
        raise click.ClickException(f"the ids could not be noted in {table}: {error}") from None


def _sync(
    wanted: list[dict[str, Any]], token: str, guild_id: str | None, api: str, *, yes: bool
) -> tuple[dict[str, str], list[str]]:
    """Registers what differs; the ids by name, and the names that are gone."""
    from utilsbot.discord import sync as engine
    from utilsbot.discord.admin_rest import AdminApi
    from utilsbot.discord.http_client import new_client
    from utilsbot.discord.rest import user_agent
    from utilsbot.settings import Secret

    with new_client() as client:
        agent = user_agent(version("utilsbot"))
        registrar = AdminApi(api, Secret(token), user_agent=agent, client=client)
        plan = engine.plan(registrar, wanted, guild_id)
        for line in show(plan):
            click.echo(line)
        if not plan.changes_anything:
            click.echo("Everything is registered already.")
            return engine.command_ids(registrar.commands(guild_id)), []
        if not yes:
            click.confirm("Do this?", abort=True)
        ids = engine.apply(registrar, plan)
        click.echo(f"Registered {len(plan.body)} commands.")
        return ids, [name.removeprefix("/") for name in plan.deleted]


def _note(ids: dict[str, str], gone: list[str], target: Target) -> None:
    from utilsbot.store.flags import Flags

    Flags(target.dynamodb, target.table).note_command_ids(ids, gone)
    click.echo(f"Noted {len(ids)} ids in the table {target.table}.")
