"""`utilsbot send`: types a command into a running `utilsbot local` and shows the answer."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from cli.command_line import BadCommandLine, read_command_line
from cli.display import names_of, show_message, show_modal
from cli.markup import Names
from cli.memory import recall, remember
from cli.playground import NoAnswer, Playground, find_component


class Sender:
    """One run of `utilsbot send`: somebody, somewhere, going from message to message."""

    def __init__(
        self,
        playground: Playground,
        state: Mapping[str, Any],
        user_id: str | None,
        locale: str | None = None,
    ) -> None:
        """One sender.

        Args:
            playground: where.
            state: what the playground knows.
            user_id: None for whoever acted last, or the page's first user.
            locale: what their Discord speaks; None: English.

        Raises:
            BadCommandLine: Discord of the playground does not speak that.
        """
        spoken = [known["code"] for known in state["locales"]]
        if locale not in {None, *spoken}:
            raise BadCommandLine(f"--locale should be one of {', '.join(spoken)}; not {locale!r}")
        self._locale = locale
        self._speaks = {"locale": locale} if locale else {}
        self._playground = playground
        self._state = state
        self._last = recall(playground.url)
        remembered = self._last.get("user_id") or state["users"][0]["id"]
        self._user_id = user_id or remembered

    def command(
        self, line: str, attached: Sequence[Path], guild_id: str | None, *, dm: bool
    ) -> dict[str, Any]:
        """Types a command. Raises: BadCommandLine, NoAnswer."""
        read = read_command_line(line, self._state["commands"], attached, self._locale)
        kind = "dm" if dm else "guild"
        place = next(place for place in self._state["places"] if place["kind"] == kind)
        body = {
            "user_id": self._user_id,
            "place_id": place["id"],
            "guild_id": guild_id,
            "name": read.name,
            "type": 1,
            "options": read.options,
            **self._speaks,
        }
        return self._note(self._playground.command(body, read.files))

    def click(self, wanted: str) -> dict[str, Any]:
        """Uses a button or a select of the last message. Raises: BadCommandLine, NoAnswer."""
        message_id = self._last.get("message_id")
        messages = self._playground.messages(self._user_id)
        message = next((m for m in messages if m["id"] == message_id), None)
        if message is None:
            raise BadCommandLine("there is no last message to click on; send a command first")
        found = find_component(message["components"], wanted)
        if found is None:
            raise BadCommandLine(f"the last message has nothing called {wanted!r}")
        part, values = found
        body = {
            "user_id": self._user_id,
            "message_id": message_id,
            "custom_id": part["custom_id"],
            "component_type": part["type"],
            "values": values,
            **self._speaks,
        }
        return self._note(self._playground.component(body))

    def submit(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Fills the modal that came last. Raises: BadCommandLine, NoAnswer."""
        interaction_id, modal = self._last.get("interaction_id"), self._last.get("modal")
        if not modal:
            raise BadCommandLine("no form is open; send the command that opens one first")
        body = {
            "user_id": self._user_id,
            "interaction_id": interaction_id,
            "custom_id": modal,
            "fields": dict(fields),
            **self._speaks,
        }
        return self._note(self._playground.modal(body))

    def _note(self, answer: dict[str, Any]) -> dict[str, Any]:
        shown = [answer["message"], *answer["followups"]]
        with_id = [message["id"] for message in shown if message]
        self._last = {
            "user_id": self._user_id,
            "interaction_id": answer["interaction_id"],
            "message_id": with_id[0] if with_id else self._last.get("message_id"),
            "modal": (answer["modal"] or {}).get("custom_id"),
        }
        remember(self._playground.url, self._last)
        return answer


def _fields(pairs: Sequence[str]) -> dict[str, str]:
    fields = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadCommandLine(f"--submit takes FIELD=VALUE, not {pair!r}")
        fields[name] = value
    return fields


def _save(
    playground: Playground, messages: Sequence[Mapping[str, Any]], folder: Path | None
) -> list[Path]:
    attachments = [item for message in messages for item in message["attachments"]]
    if attachments and folder is None:
        folder = Path(tempfile.mkdtemp(prefix="utilsbot-"))
    return [playground.download(item, folder) for item in attachments if folder]


def _show(answer: Mapping[str, Any], files: Sequence[Path], names: Names, *, as_json: bool) -> None:
    messages = [m for m in (answer["message"], *answer["followups"]) if m]
    if as_json:
        body = {
            "message": answer["message"],
            "followups": answer["followups"],
            "modal": answer["modal"],
            "files": [str(path) for path in files],
            "timings": answer["timings"],
        }
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    console = Console()
    if answer["modal"]:
        show_modal(console, answer["modal"])
    left = list(files)
    for message in messages:
        own = [left.pop(0) for _ in message["attachments"] if left]
        show_message(console, message, own, names)


@click.command()
@click.argument("line", required=False)
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="The playground.")
@click.option(
    "--as", "user_id", metavar="USER_ID", help="Who types; default: the last, or the first."
)
@click.option("--locale", metavar="CODE", help="What their Discord speaks, as de; default: en-US.")
@click.option("--guild", "guild_id", metavar="GUILD_ID", help="In this guild.")
@click.option("--dm", is_flag=True, help="In a direct message with the bot.")
@click.option(
    "--attach",
    "attached",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file for the command's attachment option; repeat it for more.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole final message as JSON.")
@click.option("--click", "clicked", metavar="CUSTOM_ID_OR_LABEL", help="Use a button or a select.")
@click.option("--submit", "submitted", multiple=True, metavar="FIELD=VALUE", help="Fill the form.")
@click.option("--timeout", "timeout_s", default=60.0, show_default=True, help="Seconds to wait.")
@click.option(
    "--save-to", type=click.Path(path_type=Path, file_okay=False), help="Folder for files."
)
@click.pass_context
def send(
    context: click.Context,
    line: str | None,
    url: str,
    user_id: str | None,
    locale: str | None,
    guild_id: str | None,
    dm: bool,
    attached: tuple[Path, ...],
    as_json: bool,
    clicked: str | None,
    submitted: tuple[str, ...],
    timeout_s: float,
    save_to: Path | None,
) -> None:
    """Type a command into a running `utilsbot local`, wait, and print the final reply.

    LINE is what you would type: '/hash text:hello world algorithm:sha256'. Without it, --click and
    --submit go on from the last message.

    Exit status: 0 a final answer came, 1 none came, 2 the command line is wrong.
    """
    if guild_id and dm:
        raise click.UsageError("--guild and --dm exclude each other")
    if not (line or clicked or submitted):
        raise click.UsageError("give a command line, --click or --submit")
    try:
        fields = _fields(submitted)
        with Playground(url, timeout_s) as playground:
            state = playground.state()
            sender = Sender(playground, state, user_id, locale)
            answer: dict[str, Any] = {}
            if line:
                answer = sender.command(line, attached, guild_id, dm=dm)
            if clicked:
                answer = sender.click(clicked)
            if fields:
                answer = sender.submit(fields)
            shown = [m for m in (answer["message"], *answer["followups"]) if m]
            files = _save(playground, shown, save_to)
            _show(answer, files, names_of(state), as_json=as_json)
    except BadCommandLine as error:
        click.echo(f"utilsbot send: {error}", err=True)
        context.exit(2)
    except NoAnswer as error:
        click.echo(f"utilsbot send: {error}", err=True)
        context.exit(1)
