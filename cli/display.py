"""Shows a message in the terminal, as near to Discord as text allows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from cli.markup import Names, render
from cli.playground import walk

_TEXT_DISPLAY = 10
_PRIVATE = "Only you can see this"


def names_of(state: Mapping[str, Any]) -> dict[str, str]:
    """What mentions call the users and channels of the page's state, by id."""
    users = {str(user["id"]): str(user["name"]) for user in state["users"]}
    places = {str(p["channel_id"]): str(p["name"]).rpartition("#")[2] for p in state["places"]}
    return places | users


def show_message(
    console: Console, message: Mapping[str, Any], files: Sequence[Path], names: Names
) -> None:
    """Prints a message: who, text, embeds, files, what can be clicked. Times are local."""
    now = datetime.now().astimezone()
    head = Text(message["author"]["name"], style="bold")
    if message["interaction"]:
        head.append(f"  {message['interaction']['name']}", style="cyan")
    if message["private"]:
        head.append(f"  · {_PRIVATE}", style="dim italic")
    if message["timings"] and message["timings"]["final_ms"] is not None:
        head.append(f"  · {message['timings']['final_ms']:.0f} ms", style="dim")
    console.print(head)
    if message["content"]:
        console.print(render(message["content"], now, names))
    for part in walk(message["components"]):
        if part.get("type") == _TEXT_DISPLAY:
            console.print(render(part["content"], now, names))
    for embed in message["embeds"]:
        console.print(_embed(embed, now, names))
    for attachment, path in zip(message["attachments"], files, strict=False):
        console.print(f"file: {path} ({attachment['size']} bytes)", soft_wrap=True, highlight=False)
    clickable = list(filter(None, map(_label, walk(message["components"]))))
    if clickable:
        console.print(Text("  ".join(clickable), style="bold blue"))


def show_modal(console: Console, modal: Mapping[str, Any]) -> None:
    """Prints a form and how to go on."""
    console.print(Text(f"A form: {modal['title']}", style="bold"))
    for part in walk(modal["components"]):
        if part.get("custom_id"):
            needed = "" if part.get("required") is False else " (needed)"
            console.print(f"  --submit {part['custom_id']}=…{needed}", highlight=False)


def _embed(embed: Mapping[str, Any], now: datetime, names: Names) -> Panel:
    parts: list[RenderableType] = []
    if embed.get("description"):
        parts.append(render(embed["description"], now, names))
    for field in embed.get("fields") or []:
        title = render(field["name"], now, names)
        title.stylize("bold")
        parts += [title, render(field["value"], now, names)]
    pictures = [key for key in ("image", "thumbnail") if embed.get(key)]
    parts += [Text(f"{key}: {embed[key]['url']}", style="dim") for key in pictures]
    colour = f"#{embed.get('color') or 0x5865F2:06x}"
    footer = (embed.get("footer") or {}).get("text")
    return Panel(
        Group(*parts),
        title=render(embed.get("title") or "", now, names),
        subtitle=Text(footer, style="dim") if footer else None,
        title_align="left",
        subtitle_align="left",
        border_style=colour,
    )


def _label(part: Mapping[str, Any]) -> str:
    """A component as something to click; empty for what is none."""
    if part.get("type") == 2:
        return f"[{part.get('label') or (part.get('emoji') or {}).get('name')}]"
    if part.get("options"):
        return "{" + " | ".join(option["label"] for option in part["options"]) + "}"
    return ""
