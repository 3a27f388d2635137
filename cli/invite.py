"""`utilsbot invite`: the link that adds the bot, with the least permissions."""

from urllib.parse import urlencode

import click

_AUTHORIZE = "https://discord.com/oauth2/authorize"


def invite_link(application_id: str, *, bot: bool = False, permissions: int = 0) -> str:
    """The link. Source: discord-api-docs, topics/oauth2.mdx, Bot Authorization Flow.

    Args:
        application_id: as the developer portal shows it.
        bot: adds the bot user too; commands need none.
        permissions: bits that the bot user asks for; its commands need none.
    """
    scope = "bot applications.commands" if bot else "applications.commands"
    query: dict[str, str] = {"client_id": application_id, "scope": scope}
    if bot:
        query["permissions"] = str(permissions)
    return f"{_AUTHORIZE}?{urlencode(query)}"


@click.command()
@click.argument("application_id", envvar="DISCORD_APPLICATION_ID")
@click.option("--bot", is_flag=True, help="Add the bot user too; the commands do not need it.")
def invite(application_id: str, bot: bool) -> None:
    """Print the link that adds the bot to a server or to an account."""
    if not (application_id.isascii() and application_id.isdecimal()):
        raise click.UsageError("APPLICATION_ID should be digits, from Discord's developer portal")
    click.echo(invite_link(application_id, bot=bot))
