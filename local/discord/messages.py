"""What Discord accepts as a message. Source: resources/message.mdx and resources/webhook.mdx."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from local.discord.components import Strict, between, check_components, upto
from local.discord.form import Problems, Refusal
from local.multipart import Part

SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS, VOICE, V2 = 4, 64, 4096, 8192, 32768
MAX_FILES = 10
MAX_REQUEST_BYTES = 25 * 1024 * 1024
_EMBEDS_TOTAL = 6000
_MAX_ID_LENGTH = 20


def _scheme(*schemes: str) -> AfterValidator:
    def check(url: str) -> str:
        if url and urlsplit(url).scheme not in schemes:
            words = ", ".join(repr(scheme) for scheme in schemes)
            raise PydanticCustomError(
                "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of ({words})."
            )
        return url

    return AfterValidator(check)


Link = Annotated[str, StringConstraints(max_length=2048), _scheme("http", "https")]
Image = Annotated[str, StringConstraints(max_length=2048), _scheme("http", "https", "attachment")]


class Footer(Strict):
    """An embed's footer."""

    text: Annotated[str, between(1, 2048)]
    icon_url: Image | None = None


class Author(Strict):
    """An embed's author."""

    name: Annotated[str, between(1, 256)]
    url: Link | None = None
    icon_url: Image | None = None


class Picture(Strict):
    """An embed's image or thumbnail."""

    url: Image


class EmbedField(Strict):
    """An embed's field."""

    name: Annotated[str, upto(256)]
    value: Annotated[str, upto(1024)]
    inline: bool | None = None


class Embed(Strict):
    """An embed as a bot may send it."""

    title: Annotated[str, upto(256)] | None = None
    description: Annotated[str, upto(4096)] | None = None
    url: Link | None = None
    timestamp: str | None = None
    color: Annotated[int, Field(ge=0, le=0xFFFFFF)] | None = None
    footer: Footer | None = None
    image: Picture | None = None
    thumbnail: Picture | None = None
    author: Author | None = None
    fields: Annotated[list[EmbedField], Field(max_length=25)] | None = None

    def size(self) -> int:
        """Characters that count to the limit of all embeds together."""
        texts = [self.title, self.description]
        texts += [self.footer.text] if self.footer else []
        texts += [self.author.name] if self.author else []
        texts += [part for field in self.fields or [] for part in (field.name, field.value)]
        return sum(len(item or "") for item in texts)

    def shows_something(self) -> bool:
        """Whether anything of it would be visible."""
        return bool(self.size() or self.image or self.thumbnail)


class AllowedMentions(Strict):
    """Who may be pinged."""

    parse: list[Literal["users", "roles", "everyone"]] | None = None
    users: Annotated[list[str], Field(max_length=100)] | None = None
    roles: Annotated[list[str], Field(max_length=100)] | None = None
    replied_user: bool | None = None


class AttachmentForm(Strict):
    """An entry of `attachments`: a new file's number, or the id of one that stays."""

    id: str | int
    filename: Annotated[str, upto(1024)] | None = None
    description: Annotated[str, upto(1024)] | None = None


class MessageForm(Strict):
    """The body of a message that is created or edited; None: left out or null."""

    content: Annotated[str, upto(2000)] | None = None
    embeds: Annotated[list[Embed], Field(max_length=10)] | None = None
    allowed_mentions: AllowedMentions | None = None
    components: list[Any] | None = None
    attachments: Annotated[list[AttachmentForm], Field(max_length=MAX_FILES)] | None = None
    flags: Annotated[int, Field(ge=0)] | None = None
    tts: bool | None = None
    poll: dict[str, Any] | None = None

    def given(self, name: str) -> bool:
        """Whether the sender said something about a field, null included."""
        return name in self.model_fields_set


def check_message(
    raw: Any, files: Sequence[Part], *, v2: bool, allowed_flags: int, file_limit_bytes: int
) -> MessageForm:
    """A message's body, as Discord accepts it.

    Args:
        raw: the decoded JSON.
        files: the uploads that came with it.
        v2: whether the message has IS_COMPONENTS_V2 already.
        allowed_flags: the bits that may be set here.
        file_limit_bytes: of each file.

    Raises:
        Refusal: as Discord refuses it.
    """
    _check_files(files, file_limit_bytes)
    problems = Problems()
    form = problems.read(MessageForm, raw)
    if form:
        _check_flags(form, allowed_flags, problems)
        _check_embeds(form, problems)
        _check_mentions(form, problems)
        _check_attachments(form, files, problems)
        has_v2 = v2 or bool((form.flags or 0) & V2)
        check_components(form.components, problems, v2=has_v2)
        for key in ("content", "embeds", "poll") if has_v2 else ():
            if getattr(form, key):
                problems.add(
                    (key,),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    problems.finish()
    assert form
    return form


def _check_files(files: Sequence[Part], limit_bytes: int) -> None:
    if len(files) > MAX_FILES:
        raise Refusal(
            400, 30015, f"Maximum number of attachments in a message reached ({MAX_FILES})"
        )
    if any(len(part.content) > limit_bytes for part in files):
        raise Refusal(413, 40005, "Request entity too large")


def _check_flags(form: MessageForm, allowed: int, problems: Problems) -> None:
    if (form.flags or 0) & ~allowed:
        problems.add(("flags",), "MESSAGE_FLAGS_INVALID", "A flag cannot be set here")


def _check_embeds(form: MessageForm, problems: Problems) -> None:
    embeds = form.embeds or []
    for index, embed in enumerate(embeds):
        if not embed.shows_something():
            problems.add(
                ("embeds", index, "description"), "BASE_TYPE_REQUIRED", "This field is required"
            )
    if sum(embed.size() for embed in embeds) > _EMBEDS_TOTAL:
        problems.add(
            ("embeds",),
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {_EMBEDS_TOTAL}",
        )


def _check_mentions(form: MessageForm, problems: Problems) -> None:
    mentions = form.allowed_mentions
    if mentions is None:
        return
    for kind in ("users", "roles"):
        if kind in (mentions.parse or []) and getattr(mentions, kind):
            message = f"parse:[{kind!r}] and {kind}: [ids...] are mutually exclusive."
            problems.add(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def _check_attachments(form: MessageForm, files: Sequence[Part], problems: Problems) -> None:
    numbers = {file_number(part) for part in files}
    seen: set[str] = set()
    for index, item in enumerate(form.attachments or []):
        name = str(item.id)
        new = len(name) < _MAX_ID_LENGTH - 5  # a snowflake of today has 19 digits
        if name in seen or (new and name not in numbers):
            problems.add(
                ("attachments", index, "id"),
                "MESSAGE_ATTACHMENT_INVALID",
                "Unknown or repeated attachment id",
            )
        seen.add(name)


def file_number(part: Part) -> str:
    """The n of a part called `files[n]`; its name if it is called otherwise."""
    name = part.name
    return name[6:-1] if name.startswith("files[") and name.endswith("]") else name


def is_empty(message: Mapping[str, Any]) -> bool:
    """Whether a message would have nothing in it (error 50006)."""
    return not any(
        message.get(key) for key in ("content", "embeds", "attachments", "components", "poll")
    )
