"""One question without memory: what /ask and the message commands share."""

from collections.abc import Iterable, Sequence

from functions.ai.files import Files, as_part, looks_like_image, looks_like_text, read_file
from functions.ai.model import Blob
from functions.ai.prompting import prompt_of
from functions.ai.replies import Ai, Progress, answer_reply, details_of, shower
from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import NotConfigured, UserError
from utilsbot.i18n import _
from utilsbot.meter import Meter
from utilsbot.reply import Reply

MAX_FILES = 4
"""How many files of one message are read."""


def configured(ai: Ai | None) -> Ai:
    """The port, if there is one.

    Raises:
        NotConfigured: the operator has given no key.
    """
    if ai is None:
        raise NotConfigured(_("AI"))
    return ai


def ask_once(
    ctx: Context,
    shown: str,
    parts: Sequence[str | Blob],
    *,
    ai: Ai,
    meter: Meter,
    progress: Progress,
) -> Reply:
    """The answer to a prompt without a history.

    Args:
        ctx: the call.
        shown: the question above the answer.
        parts: the prompt's.
        ai: answers.
        meter: of the call.
        progress: shows the answer on the way.

    Raises:
        UserError: there is no answer; the text says why.
    """
    prompt = prompt_of(ctx, ai.instruction, parts)
    answer = ai.answer(ctx, prompt, meter, shower(shown, progress))
    return answer_reply(shown, answer.text, details_of(answer), answer.ending)


def readable_files(
    attachments: Iterable[Attachment], files: Files, meter: Meter, tag: str
) -> list[str | Blob]:
    """The parts of a message's files; what is no text and no picture is only named.

    Raises:
        DownloadError: Discord did not hand one over in time.
    """
    parts: list[str | Blob] = []
    for attachment in list(attachments)[:MAX_FILES]:
        if not (looks_like_image(attachment) or looks_like_text(attachment)):
            parts.append(f"(A file of another kind: {attachment.content_type or 'unknown'})")
            continue
        try:
            content = read_file(attachment, files, meter)
            parts.append(as_part(attachment.filename, content, tag))
        except UserError:  # too large, or not what it says
            parts.append("(A file that could not be read)")
    return parts


def has_picture(attachments: Iterable[Attachment]) -> bool:
    """Whether one of them is a picture that the model reads."""
    return any(map(looks_like_image, attachments))
