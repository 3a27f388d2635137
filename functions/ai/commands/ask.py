"""/ask: one question, maybe about a picture or a text file, answered while you watch."""

from functions.ai.asking import ask_once, configured
from functions.ai.files import Files, as_part, read_file
from functions.ai.model import Blob
from functions.ai.prompting import mark
from functions.ai.replies import Ai, Progress
from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput
from utilsbot.i18n import _
from utilsbot.meter import Meter
from utilsbot.reply import Reply
from utilsbot.spec import Command, Cooldown, Option, OptionType, Visibility

SPEC = Command(
    name="ask",
    summary="Ask the AI a question, if you like about a picture or a text file",
    options=(
        Option("question", "What you want to know", required=True, min_length=1, max_length=4000),
        Option(
            "file",
            "A picture (PNG, JPEG, WebP, HEIC) up to 7 MiB or a text file up to 256 KiB",
            OptionType.ATTACHMENT,
        ),
    ),
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    cooldown=Cooldown(5, 60),
    requires=("ai",),
    help=(
        "The answer appears while it is written. Each question stands alone; `/chat` remembers.\n"
        "The question and the file go to Google's Gemini and nowhere else; the bot keeps neither "
        "them nor the answer. The AI can be wrong: check what matters.\n"
        "What a file says is material for the answer: the AI does not do what it asks for."
    ),
    examples=(
        "/ask question:Why is the sky blue?",
        "/ask question:What does this error mean? file:trace.txt private:true",
    ),
)


def run(
    ctx: Context,
    *,
    question: str,
    file: Attachment | None,
    ai: Ai | None,
    files: Files,
    meter: Meter,
    progress: Progress,
) -> Reply:
    """The answer."""
    asked = configured(ai)
    if not question.strip():
        raise BadInput(_("Type a question."), option="question")
    parts: list[str | Blob] = [question]
    if file is not None:
        parts.append(as_part(file.filename, read_file(file, files, meter), mark(ctx)))
    return ask_once(ctx, question, parts, ai=asked, meter=meter, progress=progress)
