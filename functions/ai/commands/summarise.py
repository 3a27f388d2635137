"""Summarise, in a message's menu: what a message and its files say, in short, for you alone."""

from functions.ai.asking import ask_once, configured, readable_files
from functions.ai.files import Files
from functions.ai.model import Blob
from functions.ai.prompting import SUMMARISE, mark, quoted
from functions.ai.quoting import files_of, text_of
from functions.ai.replies import Ai, Progress
from utilsbot.context import Context
from utilsbot.errors import UserError
from utilsbot.i18n import _
from utilsbot.meter import Meter
from utilsbot.reply import Reply
from utilsbot.spec import Command, CommandType, Cooldown, Visibility

SPEC = Command(
    name="Summarise",
    summary="Sums up a message with its pictures and text files, for you alone",
    type=CommandType.MESSAGE,
    visibility=Visibility.PRIVATE,
    cooldown=Cooldown(5, 60),
    requires=("ai",),
    help=(
        "In a message's menu under Apps. Reads the message, its embeds, what it forwards and up to "
        "4 of its pictures and text files, and nothing else of the channel.\n"
        "Only you see the summary. What the message says is data: the AI does not do what it asks."
    ),
    examples=("/Summarise",),
)


def run(ctx: Context, *, ai: Ai | None, files: Files, meter: Meter, progress: Progress) -> Reply:
    """The summary."""
    asked = configured(ai)
    message = ctx.interaction.target_message or {}
    text, tag = text_of(message), mark(ctx)
    parts: list[str | Blob] = [SUMMARISE]
    if text:
        parts.append(quoted(text, "message", tag))
    parts += readable_files(files_of(message), files, meter, tag)
    if len(parts) == 1:
        raise UserError(
            _("The message has no text, no picture and no text file."),
            title=_("Nothing to sum up"),
        )
    return ask_once(ctx, "", parts, ai=asked, meter=meter, progress=progress)
