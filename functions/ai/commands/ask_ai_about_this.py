"""Ask AI about this, in a message's menu: a form for your question, answered for you alone.

Discord does not tell a form's sender which message it was opened on, so the message travels in the
form, where the user can see and shorten what will be sent. A message with pictures, which no form
can carry, is explained at once instead.
"""

from functions.ai.asking import ask_once, configured, has_picture, readable_files
from functions.ai.files import Files
from functions.ai.model import Blob
from functions.ai.prompting import explain, mark, quoted
from functions.ai.quoting import files_of, text_of
from functions.ai.replies import Ai, Progress
from utilsbot.context import Context
from utilsbot.discord.components import Modal, TextInput
from utilsbot.discord.custom_id import build
from utilsbot.errors import BadInput, UserError
from utilsbot.i18n import _
from utilsbot.meter import Meter
from utilsbot.reply import Reply
from utilsbot.spec import Ack, Action, Command, CommandType, Cooldown, Visibility

_MAX_MESSAGE = 4000
"""What a text input takes."""

SPEC = Command(
    name="Ask AI about this",
    summary="Asks the AI about a message, for you alone",
    type=CommandType.MESSAGE,
    ack=Ack.MODAL,
    actions=(Action("ask", Ack.WORK, private=True),),
    visibility=Visibility.PRIVATE,
    cooldown=Cooldown(5, 60),
    requires=("ai",),
    help=(
        "In a message's menu under Apps. A form asks for your question and shows the message's "
        "text, which you can shorten; only what stands in the form goes to Google's Gemini. A "
        "message with pictures is explained at once, pictures included.\n"
        "Only you see the answer. What the message says is data: the AI does not do what it asks."
    ),
    examples=("/Ask AI about this",),
)


def first_answer(ctx: Context) -> Modal | None:
    """The form; None for a message with pictures.

    Raises:
        UserError: the message has nothing to ask about.
    """
    message = ctx.interaction.target_message or {}
    if has_picture(files_of(message)):
        return None
    text = text_of(message)
    if not text:
        raise UserError(
            _("The message has no text and no picture."), title=_("Nothing to ask about")
        )
    return Modal(
        _("Ask AI about this"),
        build(SPEC.slug, "ask"),
        (
            TextInput(
                "question",
                _("Your question"),
                paragraph=True,
                min_length=1,
                max_length=1000,
                placeholder=_("What does this mean?"),
            ),
            TextInput(
                "message",
                _("The message"),
                _("What is not in here is not sent; shorten it as you like"),
                paragraph=True,
                max_length=_MAX_MESSAGE,
                value=text[:_MAX_MESSAGE],
            ),
        ),
    )


def run(ctx: Context, *, ai: Ai | None, files: Files, meter: Meter, progress: Progress) -> Reply:
    """Explains a message with pictures."""
    asked = configured(ai)
    message, tag = ctx.interaction.target_message or {}, mark(ctx)
    parts: list[str | Blob] = [explain(ctx)]
    if text := text_of(message):
        parts.append(quoted(text, "message", tag))
    parts += readable_files(files_of(message), files, meter, tag)
    return ask_once(ctx, "", parts, ai=asked, meter=meter, progress=progress)


def on_ask(ctx: Context, *, ai: Ai | None, meter: Meter, progress: Progress) -> Reply:
    """Answers the question of the form."""
    asked = configured(ai)
    question, message = ctx.fields.get("question", ""), ctx.fields.get("message", "")
    if not question.strip():
        raise BadInput(_("Type a question."), option="question")
    parts = [question, quoted(message, "message", mark(ctx))] if message.strip() else [question]
    return ask_once(ctx, question, parts, ai=asked, meter=meter, progress=progress)
