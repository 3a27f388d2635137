"""Replies as the messages that Discord takes: split, with files, pinging nobody, never cut.

What is too long for its place travels whole in a file, and the place shows its beginning and names
the file. Discord's limits are in utilsbot.discord.limits.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from utilsbot.discord.limits import (
    FLAG_EPHEMERAL,
    MAX_CONTENT,
    MAX_EMBED_DESCRIPTION,
    MAX_EMBED_TOTAL,
    MAX_FIELD_VALUE,
    MAX_FILES,
    MAX_FOLLOW_UPS_USER_INSTALL,
    MAX_REQUEST_BYTES,
    LimitExceeded,
    check_message,
    embed_size,
)
from utilsbot.errors import UserError
from utilsbot.i18n import _, ngettext, number
from utilsbot.reply import Embed, Field, File, Reply

MAX_MESSAGES = 10
"""Our own limit for one answer; beyond it a file reads better."""
MAX_MESSAGES_USER_INSTALL = 1 + MAX_FOLLOW_UPS_USER_INSTALL

_MAX_FILES_BYTES = MAX_REQUEST_BYTES - 64 * 1024
"""All files of a message; the rest is room for the payload and the parts' headers."""
_BLANK = "\u200b"
_CODE = r"```(?:[A-Za-z0-9_+\-.#]*\n)?((?:(?!```)[\s\S])+?)\n?```|`([^`\n]+)`"
_SHORTEST = 200
"""Characters that a shortened text of an embed keeps at least, with the note about its file."""
_EMPTY_EDIT: dict[str, Any] = {"content": "", "embeds": [], "components": [], "attachments": []}


class Message(NamedTuple):
    """One message: its JSON, absent parts left out, and the files to upload with it."""

    payload: dict[str, Any]
    files: tuple[File, ...] = ()

    @property
    def create_payload(self) -> dict[str, Any]:
        """For a new message (a follow-up, a callback of type 4)."""
        return self.payload

    @property
    def edit_payload(self) -> dict[str, Any]:
        """For an edit, which replaces all that the message had before."""
        return _EMPTY_EDIT | self.payload


def message_limit(user_install_only: bool) -> int:
    """How many messages one interaction may be answered with."""
    return MAX_MESSAGES_USER_INSTALL if user_install_only else MAX_MESSAGES


def render(reply: Reply, *, attachment_limit_bytes: int, max_messages: int) -> tuple[Message, ...]:
    """The messages of a reply; the first is the original response, the others are follow-ups.

    Args:
        reply: what to say.
        attachment_limit_bytes: a file's limit, from the interaction.
        max_messages: beyond as many parts, long content is attached as a file.

    Raises:
        UserError: the files are too large or too many; the text says so with the sizes.
        LimitExceeded: the reply is empty, or breaks a limit that no splitting mends.
    """
    files = _Files(reply.files)
    embeds = [embed.payload() for embed in _fit(reply.embeds, files)]
    contents = _contents(reply.content, max_messages, files)
    _check_sizes(files.all, attachment_limit_bytes)
    rest: dict[str, Any] = {"embeds": embeds, "components": [row.payload() for row in reply.rows]}
    if files.all:
        rest["attachments"] = [_attachment(at, file) for at, file in enumerate(files.all)]
    messages = [Message(_payload(content, {})) for content in contents[:-1]]
    messages.append(Message(_payload(contents[-1], rest), tuple(files.all)))
    for message in messages:
        check_message(message.payload, [(file.name, len(file.content)) for file in message.files])
    return tuple(messages)


def callback_message(reply: Reply, private: bool) -> dict[str, Any]:
    """The `data` of a callback of type 4.

    Raises:
        LimitExceeded: the reply is not one message without files, or is empty.
    """
    payload = _single(reply).create_payload
    return payload | ({"flags": FLAG_EPHEMERAL} if private else {})


def callback_update(reply: Reply) -> dict[str, Any]:
    """The `data` of a callback of type 7, which replaces all that the message had.

    Raises:
        LimitExceeded: the reply is not one message without files, or is empty.
    """
    return _single(reply).edit_payload


def _single(reply: Reply) -> Message:
    (message,) = render(reply, attachment_limit_bytes=MAX_REQUEST_BYTES, max_messages=1)
    if message.files:  # API Gateway and Lambda pass no uploads on, and cap answers at 6 MB
        raise LimitExceeded("", "files, or text too long, for an answer in place")
    return message


def _payload(content: str, rest: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {"content": content} | rest
    payload = {key: value for key, value in parts.items() if value}
    return _encodable(payload | {"allowed_mentions": {"parse": []}})


def _encodable(payload: dict[str, Any]) -> dict[str, Any]:
    """Without lone surrogates, which JSON can carry in but UTF-8 cannot carry out."""
    text = json.dumps(payload, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        cleaned: dict[str, Any] = json.loads(_clean(text))
        return cleaned
    return payload


def _clean(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _safe_name(name: str) -> str:
    """Without what no file system or HTTP header takes."""
    return "".join("_" if c in '/\\"' or c < " " else c for c in _clean(name))


def _bare(text: str) -> str:
    """What stands in a code block, if the text is nothing else: files need no Markdown around."""
    found = re.fullmatch(_CODE, text.strip())
    return (found[1] or found[2]) if found else text


def _attachment(at: int, file: File) -> dict[str, Any]:
    entry = {"id": at, "filename": file.name}
    return entry | ({"description": file.description} if file.description else {})


class _Files:
    """The files of a reply, and those that long text moves into."""

    def __init__(self, given: tuple[File, ...]) -> None:
        self.all = [file._replace(name=_safe_name(file.name)) for file in given]

    def attach(self, name: str, suffix: str, text: str) -> str:
        """Adds a text and returns the name that it got."""
        taken, count = {file.name for file in self.all}, 1
        candidate = name + suffix
        while candidate in taken:
            count += 1
            candidate = f"{name}-{count}{suffix}"
        kind = "text/markdown" if suffix == ".md" else "text/plain"
        content = _clean(_bare(text)).encode()
        self.all.append(File(candidate, content, f"{kind}; charset=utf-8"))
        return candidate


def _beginning(text: str, limit: int, file: str) -> str:
    from utilsbot.discord.split import first_part  # compiled patterns: not for every cold start

    note = f"\n… the whole text is in `{file}`."
    shown = first_part(text, limit - len(note) - 1).rstrip()
    if shown.count("`") % 2:  # code in the line that the cut left open
        shown += "`"
    return shown + note


def _contents(content: str, max_messages: int, files: _Files) -> list[str]:
    """The content of each message; one, maybe empty, if there is nothing to split."""
    if len(content) <= MAX_CONTENT:
        return [content if content.strip() else ""]
    from utilsbot.discord.split import split  # compiled patterns: not for every cold start

    parts = [part for part in split(content, MAX_CONTENT) if part.strip()] or [""]
    if len(parts) <= max_messages:
        return parts
    return [_beginning(content, MAX_CONTENT, files.attach("answer", ".md", content))]


class _Long:
    """A text of an embed that may be shortened because a file holds the whole."""

    def __init__(self, text: str, limit: int, name: str, suffix: str) -> None:
        self.text = self.shown = text
        self.limit = limit
        self._name, self._suffix = name, suffix
        self._file = ""

    def shorten(self, limit: int, files: _Files) -> None:
        """Shows no more than `limit` characters."""
        if not self._file:
            self._file = files.attach(self._name, self._suffix, self.text)
        self.shown = _beginning(self.text, limit, self._file)


def _fit(embeds: tuple[Embed, ...], files: _Files) -> list[Embed]:
    """The embeds with what is too long moved into files."""
    longs = [list(_longs(embed)) for embed in embeds]
    every = [long for group in longs for long in group]
    for long in every:
        if len(long.text.strip()) > long.limit:
            long.shorten(long.limit, files)
    fitted = [_filled(*pair) for pair in zip(embeds, longs, strict=True)]
    for long in sorted(every, key=_shown_length, reverse=True):
        excess = sum(embed_size(embed.payload()) for embed in fitted) - MAX_EMBED_TOTAL
        if excess <= 0:
            break
        if len(long.shown) > _SHORTEST:
            long.shorten(max(_SHORTEST, len(long.shown) - excess), files)
            fitted = [_filled(*pair) for pair in zip(embeds, longs, strict=True)]
    return fitted


def _shown_length(long: _Long) -> int:
    return len(long.shown)


def _longs(embed: Embed) -> Iterator[_Long]:
    """The description, then the value of each field."""
    yield _Long(embed.description, MAX_EMBED_DESCRIPTION, _file_name(embed.title), ".md")
    for field in embed.fields:
        yield _Long(field.value, MAX_FIELD_VALUE, _file_name(field.name), ".txt")


def _file_name(title: str) -> str:
    """A name for a file, of what the text is called: `SHA-256 digest` gives `sha-256-digest`."""
    letters = [letter if letter.isascii() and letter.isalnum() else " " for letter in title.lower()]
    return "-".join("".join(letters).split())[:40].strip("-") or "text"


def _filled(embed: Embed, longs: list[_Long]) -> Embed:
    description, *values = longs
    fields = tuple(
        # Blank names and values were refused for years (observed, discord.js issue 10744).
        Field(
            field.name if field.name.strip() else _BLANK,
            long.shown if long.shown.strip() else _BLANK,
            field.inline,
        )
        for field, long in zip(embed.fields, values, strict=True)
    )
    return embed._replace(description=description.shown, fields=fields)


def _check_sizes(files: list[File], limit_bytes: int) -> None:
    if len(files) > MAX_FILES:
        raise UserError(
            _("The answer has {count} files; Discord takes {most} in one message.").format(
                count=len(files), most=MAX_FILES
            ),
            title=_("Too many files"),
        )
    for file in files:
        if len(file.content) > limit_bytes:
            raise UserError(
                _("`{name}` is {size}; Discord takes {most} a file here.").format(
                    name=file.name, size=size(len(file.content), up=True), most=size(limit_bytes)
                ),
                title=_("File too large"),
            )
    total = sum(len(file.content) for file in files)
    if total > _MAX_FILES_BYTES:
        raise UserError(
            _(
                "The answer's files are {size} together; Discord takes {most} in one message."
            ).format(size=size(total, up=True), most=size(_MAX_FILES_BYTES)),
            title=_("Files too large"),
        )


def size(size_bytes: int, *, up: bool = False) -> str:
    """A size as people read it: `9.5 MiB`, `812 bytes`.

    Args:
        size_bytes: what to tell.
        up: rounds up to a tenth of the unit instead of down, for what is larger than a limit told
            beside it: so the two never read the same.
    """
    if size_bytes < 1024:
        text = ngettext("{count} byte", "{count} bytes", size_bytes)
        return text.format(count=size_bytes)
    tenths, unit = _tenths(size_bytes, 1024, up=up), "KiB"
    if tenths >= 10 * 1024:  # after rounding, so that 1 MiB is never 1024 KiB
        tenths, unit = _tenths(size_bytes, 1024**2, up=up), "MiB"
    return f"{number(tenths / 10, 1 if tenths % 10 else 0)} {unit}"


def _tenths(size_bytes: int, unit_bytes: int, *, up: bool) -> int:
    whole, rest = divmod(size_bytes * 10, unit_bytes)
    return whole + (up and rest > 0)
