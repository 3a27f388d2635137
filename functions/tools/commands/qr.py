"""/qr: draws QR codes, and reads them from images."""

from typing import Protocol

from functions.tools.qr_codes import BadImage, Drawn, Found
from functions.tools.qr_entries import entry_of
from functions.tools.qr_rules import (
    COLOUR_NAMES,
    LEVELS,
    MIN_CONTRAST,
    MODULE_PX,
    Rgb,
    contrast,
    luminance,
    parse_colour,
)
from functions.tools.source import Files, either, in_characters, utf8
from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput, UserError
from utilsbot.i18n import _, ngettext, number
from utilsbot.markdown import inline_code
from utilsbot.reply import Colour, Embed, Field, File, Reply
from utilsbot.spec import (
    Choice,
    Command,
    Cooldown,
    Option,
    OptionType,
    Subcommand,
    Visibility,
)

MAX_IMAGE_BYTES = 8 * 1024 * 1024
_MAX_SHOWN_TOTAL = 3600
"""Characters of all fields' values; the title and the names go on top of it."""
_MAX_ALT = 300
_MAX_CODES = 10
"""A message takes 10 files."""

SPEC = Command(
    name="qr",
    summary="Draw a QR code, or read the codes in an image",
    subcommands=(
        Subcommand(
            "create",
            "Draw a QR code of a text or a link",
            (
                Option("text", "The text, at most 2,953 bytes", required=True, max_length=2953),
                Option(
                    "size",
                    "How large the picture is (default: medium)",
                    default="medium",
                    choices=tuple(
                        Choice(f"{name.title()}, {px} pixels a module", name)
                        for name, px in MODULE_PX.items()
                    ),
                ),
                Option(
                    "error_correction",
                    "How much damage it survives (default: M); more leaves less room",
                    default="M",
                    choices=tuple(
                        Choice(
                            f"{key}: {level.label}, {level.damage} damage, "
                            f"{level.max_bytes:,} bytes",
                            key,
                        )
                        for key, level in LEVELS.items()
                    ),
                ),
                Option(
                    "dark",
                    "Colour of the modules, as navy or #1a2b3c (default: black)",
                    default="black",
                    min_length=1,
                    max_length=20,
                ),
                Option(
                    "light",
                    "Colour of the background, as white or #ffeedd (default: white)",
                    default="white",
                    min_length=1,
                    max_length=20,
                ),
            ),
        ),
        Subcommand(
            "read",
            "Read the codes in an image",
            (
                Option(
                    "image",
                    "PNG, JPEG, WebP or GIF, up to 8 MiB and 25 megapixels",
                    OptionType.ATTACHMENT,
                    required=True,
                ),
            ),
        ),
    ),
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
    cooldown=Cooldown(3, 60),
    help=(
        "`create` draws a PNG. How much fits is counted in bytes, because an emoji takes four: "
        + ", ".join(f"{level.max_bytes:,} at {key}" for key, level in LEVELS.items())
        + ". Colours that scanners could not tell apart are refused.\n"
        "`read` finds every QR, Micro QR, Aztec, Data Matrix, MaxiCode and PDF417 code in an "
        "image. Links are shown whole and never opened; Wi-Fi passwords and secrets of one-time "
        "codes are held back in an answer that others see."
    ),
    examples=(
        "/qr create text:https://example.com",
        "/qr create text:hello size:large error_correction:H dark:navy light:#ffffee",
        "/qr read image:code.png",
    ),
)


class QrImages(Protocol):
    """Draws and reads codes."""

    def draw(self, content: bytes, *, level: str, module_px: int, dark: Rgb, light: Rgb) -> Drawn:
        """A PNG."""

    def read(self, image: bytes) -> tuple[Found, ...]:
        """The codes in an image, none twice.

        Raises:
            BadImage: it cannot be looked at.
        """


def run_create(
    ctx: Context,  # noqa: ARG001
    *,
    text: str,
    size: str,
    error_correction: str,
    dark: str,
    light: str,
    qr_images: QrImages,
) -> Reply:
    """The picture of a code."""
    content = utf8(text, option="text")
    _check_room(content, error_correction)
    colours = _colour(dark, "dark"), _colour(light, "light")
    warning = _check_contrast(*colours)
    drawn = qr_images.draw(
        content,
        level=error_correction,
        module_px=MODULE_PX[size],
        dark=colours[0],
        light=colours[1],
    )
    level = LEVELS[error_correction]
    fields = [
        Field(_("Content"), _share(len(content), level.max_bytes), inline=True),
        Field(
            _("Survives"),
            _("{damage} damage (level {level})").format(
                damage=level.damage, level=error_correction
            ),
            inline=True,
        ),
        Field(_("Size"), _square(drawn.pixels), inline=True),
    ]
    if warning:
        fields.append(Field(_("Please note"), warning))
    embed = Embed(
        _("QR code"),
        fields=tuple(fields),
        colour=Colour.WARNING if warning else Colour.SUCCESS,
        footer=_("Version {version}: {side} by {side} modules").format(
            version=drawn.version, side=drawn.modules
        ),
        image="attachment://qr.png",
    )
    picture = File("qr.png", drawn.png, "image/png", _alternative(text))
    return Reply(embeds=(embed,), files=(picture,))


def _share(used: int, most: int) -> str:
    return _("{used} of {most} bytes").format(used=number(used), most=number(most))


def _square(side: int) -> str:
    return _("{side} by {side} pixels").format(side=number(side))


def _check_room(content: bytes, level: str) -> None:
    """Refuses what does not fit, with the levels that would hold it."""
    size, most = len(content), LEVELS[level].max_bytes
    if size <= most:
        return
    roomier = [
        f"`{key}` ({number(at.max_bytes)})" for key, at in LEVELS.items() if size <= at.max_bytes
    ]
    told = _("The text is {size} bytes in UTF-8, and level {level} holds {most}.").format(
        size=number(size), level=level, most=number(most)
    )
    if roomier:
        advice = _("It fits with `error_correction:` {levels}.").format(levels=either(roomier))
    else:
        advice = _("No QR code holds more than {most}: shorten it, or link to it.").format(
            most=number(LEVELS["L"].max_bytes)
        )
    raise BadInput(f"{told} {advice}", option="text")


def _colour(text: str, option: str) -> Rgb:
    try:
        return parse_colour(text)
    except ValueError:
        names = ", ".join(COLOUR_NAMES)
        raise BadInput(
            _(
                "{given} is no colour. Give `{option}` as hex, as in `#1a2b3c`, or one of {names}."
            ).format(given=inline_code(text), option=option, names=names),
            option=option,
        ) from None


def _check_contrast(dark: Rgb, light: Rgb) -> str:
    """A warning about colours that some scanners fail on, or nothing.

    Raises:
        BadInput: no scanner could tell them apart.
    """
    ratio = contrast(dark, light)
    if ratio < MIN_CONTRAST:
        told = min(ratio, MIN_CONTRAST - 0.1)  # 2.97 is not 3.0, which would do
        raise BadInput(
            _(
                "Scanners could not tell these colours apart: their contrast is {ratio} to 1, and "
                "it takes {least}. Use a darker `dark` or a lighter `light`."
            ).format(ratio=number(told, 1), least=number(MIN_CONTRAST)),
            option="dark",
        )
    if luminance(dark) > luminance(light):
        return _("The code is lighter than its background. Some scanner apps cannot read that.")
    return ""


def _alternative(text: str) -> str:
    """What a screen reader says in place of the picture."""
    flat = " ".join(text.split())
    if len(flat) <= _MAX_ALT:
        return _("QR code that says: {text}").format(text=flat)
    return _("QR code that says: {beginning}… ({characters})").format(
        beginning=flat[:_MAX_ALT], characters=in_characters(len(text))
    )


def run_read(ctx: Context, *, image: Attachment, files: Files, qr_images: QrImages) -> Reply:
    """What the codes in an image say."""
    content = files.fetch(image, max_bytes=MAX_IMAGE_BYTES)
    try:
        found = qr_images.read(content)
    except BadImage as error:
        raise BadInput(str(error), option="image") from None
    if not found:
        raise UserError(
            _(
                "I looked for QR, Micro QR, Aztec, Data Matrix, MaxiCode and PDF417 codes. Crop "
                "the image so that the code fills most of it, with its light border, and in focus."
            ),
            title=_("No code found"),
        )
    entries, room = [], _MAX_SHOWN_TOTAL
    for place, code in enumerate(found[:_MAX_CODES], 1):
        entries.append(entry_of(code, f"code-{place}", room, private=ctx.private))
        room -= len(entries[-1].field.value)
    left_out = len(found) - len(entries)
    links = any(entry.is_link for entry in entries)
    embed = Embed(
        ngettext("The code says", "{count} codes found", len(found)).format(count=len(found)),
        _("The first {count} are shown.").format(count=len(entries)) if left_out else "",
        tuple(entry.field for entry in entries),
        Colour.SUCCESS,
        _("Check where a link leads before you open it") if links else "",
    )
    return Reply(embeds=(embed,), files=tuple(entry.file for entry in entries if entry.file))
