"""Writes the pages of the documentation that follow from the code; tests/docs holds them current.

`make docs` runs it: commands from the specs, configuration from the template and the settings, the
command line from its own help.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from cli.main import main as cli
from functions.catalog import CATALOG
from functions.interactions.commands.help import CATEGORIES
from scripts.configuration_page import configuration_page, table
from scripts.cost_page import cost_chart, cost_page
from utilsbot.catalog import CommandModule
from utilsbot.spec import (
    Access,
    Command,
    CommandType,
    InteractionContext,
    Option,
    Visibility,
    private_option,
)

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_NOTE = "<!-- Written by scripts/docs_pages.py (`make docs`); change the code instead. -->\n"
_WHERE = {
    InteractionContext.GUILD: "servers",
    InteractionContext.BOT_DM: "direct messages with the bot",
    InteractionContext.PRIVATE_CHANNEL: "other direct and group messages",
}
_SEES = {
    Visibility.PRIVATE: "only you",
    Visibility.PUBLIC: "everyone in the channel",
    Visibility.PRIVATE_UNLESS_SHARED: "only you, unless `private:false`",
    Visibility.PUBLIC_UNLESS_PRIVATE: "everyone in the channel, unless `private:true`",
}
_WHO = {
    Access.EVERYONE: "everyone",
    Access.USERS: "everyone (in a closed beta: the whitelist)",
    Access.DEVELOPERS: "the bot's developers",
}
_PICTURES = {
    "ai": ("commands-ai", "A conversation, with the buttons that go on with it"),
    "games": ("commands-games", "A game of Wordle under way"),
    "network": ("commands-network", "Where an address is"),
    "tools": ("page-light", "A QR code"),
    "system": ("commands-system", "A user's preferences"),
}


def pages() -> dict[str, str]:
    """Every generated page by its path under docs/."""
    texts = {
        "commands.md": commands_page(),
        "configuration.md": _NOTE + configuration_page(),
        "cli.md": cli_page(),
        "costs.md": _NOTE + cost_page(),
        "images/costs.svg": cost_chart(),
    }
    return {name: re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n" for name, text in texts.items()}


def commands_page() -> str:
    """What each command does, from the specs."""
    lines = [_NOTE, "# Commands\n"]
    lines.append(
        "Every command, as the bot itself knows it; `/help` in Discord shows those that you may "
        "use where you are, in your language.\n"
    )
    groups: dict[str, list[CommandModule]] = {}
    for module in CATALOG:
        groups.setdefault(module.group, []).append(module)
    for group, (title, about) in CATEGORIES.items():
        lines.append(f"## {title}\n\n{about}.\n")
        if group in _PICTURES:
            picture, caption = _PICTURES[group]
            lines.append(f"![{caption}](images/{picture}.png)\n")
        lines += [_command(module.spec) for module in groups[group]]
    return "\n".join(lines)


def _command(spec: Command) -> str:
    slash = spec.type is CommandType.CHAT_INPUT
    title = f"/{spec.name}" if slash else f"{spec.name} (in the message menu)"
    lines = [f"### {title}\n", f"{spec.summary}.\n"]
    for sub in spec.subcommands:
        lines.append(f"**`/{spec.name} {sub.name}`**: {sub.summary}.\n")
        lines += _options((*sub.options, *_added(sub.visibility or spec.visibility)))
    if not spec.subcommands and slash:
        lines += _options((*spec.options, *_added(spec.visibility)))
    if spec.help:
        lines.append(spec.help.replace("\n", "\n\n") + "\n")
    lines += [f"    {example}" for example in spec.examples]
    lines.append("")
    rate = f"{spec.cooldown.uses} in {spec.cooldown.per_s} s" if spec.cooldown else "no limit"
    where = ", ".join(_WHERE[InteractionContext(context)] for context in spec.contexts)
    facts = {
        "Who may use it": _WHO[spec.access] + (", with a permission" if spec.permissions else ""),
        "Who sees the answer": _SEES[spec.visibility],
        "How often": rate,
        "Where": where,
    }
    if spec.requires:
        facts["Needs"] = ", ".join(f"`{name}`" for name in spec.requires)
    lines += table(("", ""), facts.items())
    return "\n".join(lines)


def _added(visibility: Visibility) -> tuple[Option, ...]:
    return (private_option(visibility),) if visibility.has_option else ()


def _options(options: Iterable[Option]) -> list[str]:
    rows = [
        (
            f"`{option.name}`" + (" (needed)" if option.required else ""),
            option.summary,
            _limits(option),
        )
        for option in options
    ]
    return table(("Option", "What it is", "Limits"), rows) if rows else []


def _limits(option: Option) -> str:
    if option.choices:
        return ", ".join(choice.name for choice in option.choices)
    words = option.type.name.lower()
    if option.max_length is not None:
        return f"{words}, {option.min_length or 0} to {option.max_length} characters"
    if option.max_value is not None:
        return f"{words}, {option.min_value} to {option.max_value}"
    return words


def cli_page() -> str:
    """`utilsbot --help`, of every command."""
    lines = [_NOTE, "# The command line\n"]
    lines.append("`make setup` puts it at `.venv/bin/utilsbot`.\n")
    for path, command in _walk(cli, "utilsbot"):
        text = command.get_help(click.Context(command, info_name=path, max_content_width=80))
        lines.append(f"## {path}\n\n```text\n{text}\n```\n")
    return "\n".join(lines)


def _walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walk(command.commands[name], f"{path} {name}")


def main() -> None:
    """Writes the pages."""
    for name, text in pages().items():
        (DOCS / name).write_text(text)


if __name__ == "__main__":
    main()
