"""`utilsbot local`: the whole bot on this machine."""

import asyncio
import sys
from pathlib import Path

import click

from local.faults import AVAILABLE, BadFaults, parse
from local.options import MIN_VISIBILITY_S, BadOptions, Options, read_dotenv


@click.command("local")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@click.option("--aws", default="moto", show_default=True, metavar="moto|URL", help="The local AWS.")
@click.option(
    "--public-key",
    envvar="DISCORD_PUBLIC_KEY",
    metavar="HEX",
    help="Another program signs with this key's secret; the page cannot then.",
)
@click.option(
    "--record",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append every exchange with Discord to this file, a JSON line each.",
)
@click.option(
    "--faults",
    default="",
    metavar="SPEC",
    help=f"name=probability,… and seed=N; names: {', '.join(AVAILABLE)}.",
)
@click.option(
    "--visibility",
    type=click.IntRange(MIN_VISIBILITY_S),
    metavar="SECONDS",
    help="Hide messages and run functions no longer than this, so that faults are over sooner.",
)
@click.option(
    "--concurrency",
    default=1,
    show_default=True,
    type=click.IntRange(1, 50),
    help="How many events a function runs at once, each in a process of its own.",
)
@click.option("--no-reload", is_flag=True, help="Keep running the code as it was at the start.")
def local(
    port: int,
    aws: str,
    public_key: str | None,
    record: Path | None,
    faults: str,
    visibility: int | None,
    concurrency: int,
    no_reload: bool,
) -> None:
    """Run the whole bot here: AWS, every function, a stand-in Discord, and its page.

    Prints the line `ready URL` when everything answers. Ctrl-C stops it all.
    """
    from local.aws import AwsFailed
    from local.catalog import CatalogFailed
    from local.function import InitFailed
    from local.registration import NotRegistered
    from local.serving import PortTaken
    from local.stack import run

    try:
        options = Options(
            port=port,
            aws_url=None if aws == "moto" else aws,
            public_key=public_key or None,
            record=record,
            faults=parse(faults),
            reload=not no_reload,
            visibility_s=visibility,
            concurrency=concurrency,
            dotenv=read_dotenv(),
        )
    except (BadFaults, BadOptions) as error:
        raise click.UsageError(str(error)) from None
    try:
        asyncio.run(run(options))
    except (AwsFailed, CatalogFailed, InitFailed, NotRegistered, PortTaken, OSError) as error:
        click.echo(f"utilsbot local: {error}", err=True)
        sys.exit(1)
