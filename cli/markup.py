"""Discord's Markdown as styled text for a terminal.

Lines stay lines, as on Discord. Times are local, ids become names where they are known. What is
no markup is shown as it is. Source: reference.mdx, Message Formatting.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from rich.text import Text

Names = Mapping[str, str]
"""Of users and channels, by id."""

_MAX_DEPTH = 8
_FENCE = re.compile(r"```(?:[\w+#.-]{1,20}\n)?(.+?)```\n?", re.DOTALL)
_INLINE = re.compile(
    r"\\(?P<escaped>[^\w\s])"
    r"|(?P<ticks>`+)(?P<code>[^`]|[^`].*?[^`])(?P=ticks)(?!`)"
    r"|\[(?P<label>[^\[\]]{1,500})\]\(<?(?P<link>https?://[^\s<>()]+)>?\)"
    r"|<(?P<url>https?://[^\s>]+)>"
    r"|<t:(?P<time>-?\d{1,13})(?::(?P<form>[tTdDfFsSR]))?>"
    r"|</(?P<command>[-\w' ]{1,100}):\d{1,20}>"
    r"|<(?P<sigil>@!?|@&|\#)(?P<id>\d{1,20})>"
    r"|<a?:(?P<emoji>\w{2,32}):\d{1,20}>"
    r"|(?P<mark>\|\||\*\*\*|\*\*|__|~~)(?P<inner>(?:\\.|[^\\])+?)(?P=mark)"
    r"|\*(?=\S)(?P<star>(?:\\.|\*\*|[^\\*])+?)(?<!\s)\*(?!\*)"
    r"|(?<!\w)_(?=\S)(?P<line>(?:\\.|[^\\])+?)_(?!\w)",
    re.DOTALL,
)
_STYLES = {
    "***": "bold italic",
    "**": "bold",
    "__": "underline",
    "~~": "strike",
    "||": "dim",
}
_BLOCKS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"#{1,3} +(?=\S)"), "", "bold underline"),
    (re.compile(r"-# (?=\S)"), "", "dim"),
    (re.compile(r">(?:>>)? "), "│ ", "dim"),
    (re.compile(r"[-*] +(?=\S)"), "• ", ""),
)
_FORMS = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "f": "%d %B %Y %H:%M",
    "F": "%A, %d %B %Y %H:%M",
    "s": "%d/%m/%Y %H:%M",
    "S": "%d/%m/%Y %H:%M:%S",
}
_UNITS = (
    ("year", 31_536_000),
    ("month", 2_592_000),
    ("day", 86_400),
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)


def render(text: str, now: datetime, names: Names | None = None) -> Text:
    """A text of a message.

    Args:
        text: Discord's Markdown.
        now: what relative times count from; its time zone is the reader's.
        names: of users and channels, by id.
    """
    out = Text()
    at = 0
    for fence in _FENCE.finditer(text):
        out.append_text(_lines(text[at : fence.start()], now, names or {}))
        out.append(fence[1].strip("\n") + "\n", "cyan")
        at = fence.end()
    out.append_text(_lines(text[at:], now, names or {}))
    out.rstrip()
    return out


def _lines(text: str, now: datetime, names: Names) -> Text:
    """Inline marks may run over several lines; what starts a line belongs to it alone."""
    out = Text()
    for line in text.splitlines(keepends=True) if _has_blocks(text) else [text]:
        indent = line[: len(line) - len(line.lstrip(" "))]
        rest, prefix, style = line[len(indent) :], "", ""
        for pattern, shown, how in _BLOCKS:
            if match := pattern.match(rest):
                rest, prefix, style = rest[match.end() :], shown, how
                break
        part = Text(indent + prefix)
        part.append_text(_inline(rest, now, names, 0))
        part.stylize(style)
        out.append_text(part)
    return out


def _has_blocks(text: str) -> bool:
    lines = (line.lstrip(" ") for line in text.splitlines())
    return any(pattern.match(line) for line in lines for pattern, _, _ in _BLOCKS)


def _inline(text: str, now: datetime, names: Names, depth: int) -> Text:
    out = Text()
    at = 0
    for match in _INLINE.finditer(text):
        out.append(text[at : match.start()])
        out.append_text(_mark(match, now, names, depth))
        at = match.end()
    out.append(text[at:])
    return out


def _mark(match: re.Match[str], now: datetime, names: Names, depth: int) -> Text:
    """What one mark looks like."""
    wrapped = match["inner"] or match["star"] or match["line"]
    if wrapped is None:
        return _leaf(match, now, names)
    if depth >= _MAX_DEPTH:
        return Text(match[0])
    inner = _inline(wrapped, now, names, depth + 1)
    shown = Text("[spoiler: ").append_text(inner).append("]") if match["mark"] == "||" else inner
    shown.stylize(_STYLES.get(match["mark"], "italic"))
    return shown


def _leaf(match: re.Match[str], now: datetime, names: Names) -> Text:
    """What a mark that holds no other looks like."""
    found = match.groupdict()
    makers: tuple[tuple[str, Callable[[str], Text]], ...] = (
        ("escaped", Text),
        ("code", lambda code: Text(code.strip() or code, "cyan")),
        ("label", lambda label: Text(f"{label} ({found['link']})")),
        ("url", Text),
        ("time", lambda at: Text(timestamp(int(at), found["form"] or "f", now))),
        ("command", lambda name: Text(f"/{name}", "bold blue")),
        ("id", lambda name: Text(_mention(found["sigil"], name, names), "bold blue")),
        ("emoji", lambda name: Text(f":{name}:")),
    )
    return next(make(found[name]) for name, make in makers if found[name] is not None)


def _mention(sigil: str, target_id: str, names: Names) -> str:
    if sigil == "@&":
        return f"@role {target_id}"
    return f"{sigil[0]}{names.get(target_id, target_id)}"


def timestamp(epoch_s: int, form: str, now: datetime) -> str:
    """`<t:EPOCH:FORM>` as a reader in `now`'s time zone sees it."""
    if form == "R":
        return _relative(epoch_s - int(now.timestamp()))
    try:
        return datetime.fromtimestamp(epoch_s, UTC).astimezone(now.tzinfo).strftime(_FORMS[form])
    except (OverflowError, OSError, ValueError):  # beyond the year 9999
        return f"<t:{epoch_s}:{form}>"


def _relative(seconds: int) -> str:
    if abs(seconds) < 1:
        return "now"
    unit, length = next((u, n) for u, n in _UNITS if abs(seconds) >= n)
    count = round(abs(seconds) / length)
    text = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {text}" if seconds > 0 else f"{text} ago"
