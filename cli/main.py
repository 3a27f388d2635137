"""The entry point of `utilsbot`."""

from importlib.metadata import version

import click

from cli.costs import costs
from cli.doctor import doctor
from cli.failed import failed
from cli.invite import invite
from cli.logs import logs
from cli.measures import metrics
from cli.run_local import local
from cli.send import send
from cli.sync import sync


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("utilsbot"), prog_name="utilsbot")
def main() -> None:
    """UtilsBot+: run it, talk to it, register it."""


for command in (local, send, sync, invite, doctor, failed, logs, metrics, costs):
    main.add_command(command)


if __name__ == "__main__":
    main()
