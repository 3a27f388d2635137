"""Conversations: where one belongs, what the model is told of it, and its buttons."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from functions.ai.files import Files, as_part, read_file
from functions.ai.model import Blob, Message
from functions.ai.prompting import quoted
from functions.ai.tokens import estimate
from utilsbot.context import Context
from utilsbot.discord.components import Button, ButtonStyle, Row, row
from utilsbot.discord.custom_id import build
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import DownloadError, UserError
from utilsbot.i18n import _
from utilsbot.meter import Meter
from utilsbot.store.chat_rows import Chat, Picture, Turn

NEW = "new"
"""In a custom id, in the place of a conversation's id: begin a new one."""
_PRIVATE, _OPEN = "private", "open"
_MAX_PICTURES = 3
"""Of the whole conversation, the newest: a request to Gemini takes 20 MB."""


class Memory(Protocol):
    """Remembers conversations."""

    def read(self, owner_id: str, place: str) -> Chat | None:
        """The owner's conversation in a place, if there is one.

        Raises:
            StoreError: the store did not answer.
        """

    def add(
        self, owner_id: str, place: str, turn: Turn, *, to: str | None = None, fresh: bool = False
    ) -> Chat | None:
        """The conversation with the turn added, once; None if the one that it is for has ended.

        Raises:
            StoreError: the store did not answer.
        """

    def end(self, owner_id: str, place: str, chat_id: str) -> bool:
        """Forgets a conversation; False if it was gone.

        Raises:
            StoreError: the store did not answer.
        """


class Said(NamedTuple):
    """What the user says in one turn."""

    question: str
    file: Attachment | None = None
    content: str | Blob | None = None
    """The file's."""

    @classmethod
    def of(cls, question: str, file: Attachment | None, files: Files, meter: Meter) -> "Said":
        """With the file's content fetched.

        Raises:
            UserError: the file is of no use.
            DownloadError: Discord did not hand it over in time.
        """
        return cls(question, file, read_file(file, files, meter) if file else None)

    def parts(self, tag: str) -> list[str | Blob]:
        """As the prompt's last message."""
        if self.file is None or self.content is None:
            return [self.question]
        return [self.question, as_part(self.file.filename, self.content, tag)]

    def turn(self, ctx: Context, answer: str, answer_tokens: int, model: str) -> Turn:
        """As it is remembered, with the answer."""
        tokens = estimate(self.question) + (answer_tokens or estimate(answer))
        texts: tuple[tuple[str, str], ...] = ()
        pictures: tuple[Picture, ...] = ()
        if self.file is not None and self.content is not None:
            tokens += estimate(self.content)
            if isinstance(self.content, str):
                texts = ((self.file.filename, self.content),)
            else:
                pictures = (_picture(self.file, self.content.mime_type),)
        return Turn(
            interaction_id=ctx.interaction.id,
            question=self.question,
            answer=answer,
            tokens=tokens,
            asked_at=int(ctx.now),
            model=model,
            texts=texts,
            pictures=pictures,
        )


def _picture(file: Attachment, mime_type: str) -> Picture:
    return Picture(file.id, file.filename, file.url, mime_type, file.size)


def mode_of(private: bool) -> str:
    """The word that a custom id carries for a conversation's privacy."""
    return _PRIVATE if private else _OPEN


def place_of(ctx: Context, mode: str) -> str:
    """Where a conversation lives: one a channel, private ones apart from open ones.

    Args:
        ctx: the call.
        mode: from `mode_of`, or of a custom id; anything unknown is private.
    """
    return f"{ctx.interaction.channel_id or 'none'}#{_OPEN if mode == _OPEN else _PRIVATE}"


def history(turns: Sequence[Turn], files: Files, meter: Meter, tag: str) -> list[Message]:
    """The turns as messages; of the pictures the newest, as far as Discord still has them."""
    newest = [picture for turn in turns for picture in turn.pictures][-_MAX_PICTURES:]
    messages = []
    for turn in turns:
        parts: list[str | Blob] = [turn.question]
        parts += [quoted(text, f"file {name}", tag) for name, text in turn.texts]
        parts += [_again(picture, picture in newest, files, meter) for picture in turn.pictures]
        messages.append(Message(from_model=False, parts=tuple(parts)))
        messages.append(Message(from_model=True, parts=(turn.answer,)))
    return messages


def _again(picture: Picture, wanted: bool, files: Files, meter: Meter) -> str | Blob:
    gone = "(A picture was here that is not available any more.)"
    if not wanted:
        return gone
    attachment = Attachment(
        picture.attachment_id,
        picture.filename,
        picture.size,
        picture.url,
        picture.content_type,
    )
    try:
        content = read_file(attachment, files, meter)
    except (DownloadError, UserError):
        return gone
    return content if isinstance(content, Blob) else gone


def buttons(chat_id: str, owner_id: str, mode: str) -> tuple[Row, ...]:
    """The buttons under an answer."""
    about = (owner_id, mode)
    return (
        row(
            Button(_("Continue"), build("chat", "continue", chat_id, *about), ButtonStyle.PRIMARY),
            Button(_("New topic"), build("chat", "new_topic", *about)),
            Button(_("End"), build("chat", "end", chat_id, *about)),
        ),
    )
