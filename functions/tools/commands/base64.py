"""/base64: text and files to base64 and back."""

from functions.tools.base64_codec import BadBase64, Decoded, decode, encode
from functions.tools.file_kinds import TEXT, kind_of, readable_text
from functions.tools.source import Files, Source, in_bytes, in_characters, read_source
from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput
from utilsbot.i18n import _
from utilsbot.markdown import code_block, is_exact
from utilsbot.reply import Embed, Field, File, Reply
from utilsbot.spec import Choice, Command, Cooldown, Option, OptionType, Visibility

MAX_FILE_BYTES = 8 * 1024 * 1024
_MAX_SHOWN = 3500
"""Characters; more travels as a file."""

SPEC = Command(
    name="base64",
    summary="Turn a text or a file into base64, or base64 back into what it was",
    options=(
        Option(
            "operation",
            "Which way",
            required=True,
            choices=(Choice("Encode", "encode"), Choice("Decode", "decode")),
        ),
        Option("text", "The text to work on", min_length=1, max_length=6000),
        Option(
            "file",
            "A file instead of a text, up to 8 MiB; encoded it must fit the upload limit here",
            OptionType.ATTACHMENT,
        ),
        Option(
            "alphabet",
            "For encoding (default: standard); decoding takes both",
            default="standard",
            choices=(
                Choice("Standard, with + and /", "standard"),
                Choice("URL-safe, with - and _", "url-safe"),
            ),
        ),
    ),
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
    cooldown=Cooldown(5, 60),
    help=(
        "Give a `text` or attach a `file`. Decoding takes the standard and the URL-safe alphabet, "
        "white space, missing padding and `data:` addresses, and says where anything else is "
        "wrong instead of leaving it out.\n"
        "Long results and what is not text come as a file. Base64 hides nothing: anyone can "
        "decode it."
    ),
    examples=(
        "/base64 operation:encode text:hello",
        "/base64 operation:decode text:aGVsbG8",
    ),
)


def run(
    ctx: Context,
    *,
    operation: str,
    text: str | None,
    file: Attachment | None,
    alphabet: str,
    files: Files,
) -> Reply:
    """The other form of the text or the file."""
    most = ctx.interaction.attachment_size_limit
    if operation == "encode":
        source = read_source(text, file, files, max_bytes=min(MAX_FILE_BYTES, most // 4 * 3))
        return _encoded(source, alphabet)
    source = read_source(text, file, files, max_bytes=min(MAX_FILE_BYTES, most))
    return _decoded(source)


def _encoded(source: Source, alphabet: str) -> Reply:
    result = encode(source.content, url_safe=alphabet == "url-safe")
    fields = (
        Field(_("Of"), source.name, inline=True),
        Field(_("Before"), in_bytes(len(source.content)), inline=True),
        Field(_("After"), in_characters(len(result)), inline=True),
    )
    shown, files = _laid_out(result, "encoded.txt")
    title = _("Base64, URL-safe") if alphabet == "url-safe" else _("Base64")
    footer = _("This hides nothing: anyone can decode it")
    return Reply(embeds=(Embed(title, shown, fields, footer=footer),), files=files)


def _decoded(source: Source) -> Reply:
    option = "file" if source.is_file else "text"
    try:
        found = decode(_as_text(source))
    except BadBase64 as error:
        raise BadInput(str(error), option=option) from None
    kind = kind_of(found.content)
    fields = (
        Field(_("Of"), source.name, inline=True),
        Field(_("Result"), _(kind.label), inline=True),
        Field(_("Size"), in_bytes(len(found.content)), inline=True),
    )
    footer = " · ".join(_remarks(found))
    text = readable_text(found.content)
    if kind == TEXT and text is not None:
        shown, files = _laid_out(text, "decoded.txt")
        return Reply(embeds=(Embed(_("Decoded"), shown, fields, footer=footer),), files=files)
    name = f"decoded.{kind.suffix}"
    image = f"attachment://{name}" if kind.is_image else ""
    embed = Embed(_("Decoded"), _attached(name), fields, footer=footer, image=image)
    return Reply(embeds=(embed,), files=(File(name, found.content, kind.content_type),))


def _as_text(source: Source) -> str:
    """The base64 of a source; a byte-order mark in front of a file's text is dropped."""
    try:
        return source.content.decode("utf-8-sig" if source.is_file else "utf-8")
    except UnicodeDecodeError:
        raise BadInput(
            _(
                "The file is no text, so it is not base64. To turn it into base64 use "
                "`operation:encode`."
            ),
            option="file",
        ) from None


def _laid_out(text: str, name: str) -> tuple[str, tuple[File, ...]]:
    """A text for an embed's description, and as a file where that cannot show all of it."""
    file = File(name, text.encode(), TEXT.content_type)
    if len(text) > _MAX_SHOWN:
        told = _("{characters}, attached as `{file}`.")
        return told.format(characters=in_characters(len(text)), file=name), (file,)
    if not text or is_exact(text):
        return code_block(text), ()
    block = code_block(text)
    if len(block) > _MAX_SHOWN:
        return _attached(name), (file,)
    told = _("Some of it cannot be shown here; `{file}` has it exactly.").format(file=name)
    return f"{block}{told}", (file,)


def _attached(name: str) -> str:
    return _("Attached as `{file}`.").format(file=name)


def _remarks(found: Decoded) -> list[str]:
    remarks = []
    if found.url_safe:
        remarks.append(_("It used the URL-safe alphabet"))
    if found.unpadded:
        remarks.append(_("Its padding was missing"))
    return remarks
