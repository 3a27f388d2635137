"""`utilsbot sync`: registers the commands with Discord, after showing what would change."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click
import httpx

_OWN = ("id", "application_id", "version", "guild_id", "name_localized", "description_localized")
_USER_AGENT = "DiscordBot (https://github.com/utilsbot-plus/utilsbot-plus, 0.1.0)"


class Plan(NamedTuple):
    """What a bulk overwrite would do, by command name."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: tuple[str, ...]


def plan(registered: Sequence[Mapping[str, Any]], wanted: Sequence[Mapping[str, Any]]) -> Plan:
    """Compares what Discord has with what we want, defaults that Discord fills in left out."""
    before = {_key(command): command for command in registered}
    after = {_key(command): command for command in wanted}
    same = {key for key in after if key in before and _same(before[key], after[key])}
    return Plan(
        created=_names(after.keys() - before.keys()),
        changed=_names((after.keys() & before.keys()) - same),
        deleted=_names(before.keys() - after.keys()),
        unchanged=_names(same),
    )


def _key(command: Mapping[str, Any]) -> tuple[int, str]:
    return int(command.get("type", 1)), str(command["name"])


def _names(keys: set[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(sorted(("/" if kind == 1 else "") + name for kind, name in keys))


def _same(before: Any, after: Any) -> bool:
    """Whether everything that we say is there already; null, false and empty are "not said"."""
    return bool(_plain(before) == _plain(after))


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        kept = {key: _plain(value) for key, value in node.items() if key not in _OWN}
        return {key: value for key, value in kept.items() if value not in (None, False, [], {}, "")}
    if isinstance(node, list):
        plain = [_plain(item) for item in node]
        return sorted(plain) if all(isinstance(item, int) for item in plain) else plain
    return node


def _wanted() -> list[dict[str, Any]]:
    from functions.catalog import CATALOG
    from utilsbot.discord.registration import registration

    return registration(module.spec for module in CATALOG)


@click.command()
@click.option("--print", "print_only", is_flag=True, help="Print the registration body as JSON.")
@click.option(
    "--token", envvar="DISCORD_BOT_TOKEN", help="The bot token; best by DISCORD_BOT_TOKEN."
)
@click.option("--guild", "guild_id", metavar="GUILD_ID", help="Register in this guild only.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--api", envvar="DISCORD_API_URL", default="https://discord.com/api/v10", hidden=True)
def sync(print_only: bool, token: str | None, guild_id: str | None, yes: bool, api: str) -> None:
    """Register the bot's commands with Discord.

    Shows what would be created, changed and deleted, and asks before anything is done.
    """
    wanted = _wanted()
    if print_only:
        click.echo(json.dumps(wanted, ensure_ascii=False, indent=2))
        return
    if not token:
        raise click.UsageError(
            "registering needs the bot token in DISCORD_BOT_TOKEN; --print works without"
        )
    headers = {"Authorization": f"Bot {token}", "User-Agent": _USER_AGENT}
    try:
        with httpx.Client(base_url=api, headers=headers, timeout=30) as client:
            _sync(client, wanted, guild_id, yes=yes)
    except httpx.HTTPStatusError as error:
        raise click.ClickException(
            f"Discord: {error.response.status_code} {error.response.text}"
        ) from None
    except httpx.HTTPError as error:
        raise click.ClickException(f"Discord does not answer: {error}") from None


def _sync(
    client: httpx.Client, wanted: list[dict[str, Any]], guild_id: str | None, *, yes: bool
) -> None:
    application = _checked(client.get("/applications/@me")).json()["id"]
    scope = f"/guilds/{guild_id}" if guild_id else ""
    path = f"/applications/{application}{scope}/commands"
    if guild_id:  # these are for global commands
        hidden = ("contexts", "integration_types")
        wanted = [{k: v for k, v in c.items() if k not in hidden} for c in wanted]
    answer = _checked(client.get(path, params={"with_localizations": "true"}))
    steps = plan(answer.json(), wanted)
    for word, names in zip(("create", "change", "DELETE", "keep"), steps, strict=True):
        if names:
            click.echo(f"{word:>7}: {', '.join(names)}")
    if not (steps.created or steps.changed or steps.deleted):
        click.echo("Everything is registered already.")
        return
    if not yes:
        click.confirm("Do this?", abort=True)
    _checked(client.put(path, json=wanted))
    click.echo(f"Registered {len(wanted)} commands.")


def _checked(response: httpx.Response) -> httpx.Response:
    return response.raise_for_status()
