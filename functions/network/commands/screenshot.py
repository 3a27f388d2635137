"""/screenshot: a picture of a public web page."""

from typing import Protocol

from functions.network.shots import DEFAULT_SIZE, MAX_DELAY_S, SIZES, Shot, ShotOptions
from utilsbot.context import Context
from utilsbot.i18n import _, number
from utilsbot.markdown import inline_code
from utilsbot.meter import Meter
from utilsbot.reply import Embed, File, Reply, success
from utilsbot.spec import Choice, Command, Cooldown, Option, OptionType, Visibility

SPEC = Command(
    name="screenshot",
    summary="A picture of a public web page",
    options=(
        Option(
            "url",
            "The page; without http:// or https:// it means https",
            required=True,
            min_length=3,
            max_length=2048,
        ),
        Option("full_page", "The whole page, not only its top", OptionType.BOOLEAN, default=False),
        Option(
            "size",
            f"The browser's window (default: {DEFAULT_SIZE.label})",
            default=DEFAULT_SIZE.name,
            choices=tuple(Choice(size.label, size.name) for size in SIZES),
        ),
        Option(
            "delay",
            "Seconds that the page may go on loading (default: 0)",
            OptionType.INTEGER,
            default=0,
            min_value=0,
            max_value=MAX_DELAY_S,
        ),
        Option("dark", "Ask the page for its dark colours", OptionType.BOOLEAN, default=False),
    ),
    visibility=Visibility.PUBLIC_UNLESS_PRIVATE,
    cooldown=Cooldown(2, 60),
    help=(
        "A screenshot service opens the page, so the page sees that service and neither you nor "
        "this bot. Only public web addresses on ports 80 and 443 can be photographed.\n"
        "The picture is made smaller if it would not fit into the channel, and says so. There is a "
        "limit for everybody together: so many at once, and so many a day."
    ),
    replayable=True,
    examples=(
        "/screenshot url:https://example.com",
        "/screenshot url:example.com full_page:true size:phone delay:3 dark:true",
    ),
)


class Screenshots(Protocol):
    """Takes screenshots."""

    def take(
        self, text: str, options: ShotOptions, meter: Meter, *, owner: str, limit_bytes: int
    ) -> Shot:
        """A picture of a page.

        Raises:
            UserError: it cannot be taken; the text says why.
        """


def run(
    ctx: Context,
    *,
    url: str,
    full_page: bool,
    size: str,
    delay: int,
    dark: bool,
    screenshots: Screenshots,
    meter: Meter,
) -> Reply:
    """The picture of the page that was given."""
    window = next(known for known in SIZES if known.name == size)
    options = ShotOptions(window, full_page, delay, dark)
    shot = screenshots.take(
        url,
        options,
        meter,
        owner=ctx.interaction.id,
        limit_bytes=ctx.interaction.attachment_size_limit,
    )
    name = f"screenshot{shot.suffix}"
    picture = File(name, shot.content, shot.content_type, _name(shot)[:1024])
    return Reply(embeds=(_embed(shot, options, name),), files=(picture,))


def _name(shot: Shot) -> str:
    return _("Screenshot of {host}").format(host=shot.host)


def _embed(shot: Shot, options: ShotOptions, name: str) -> Embed:
    return success(
        _name(shot)[:256],
        "\n".join((inline_code(shot.url), *_remarks(shot, options))),
        image=f"attachment://{name}",
        footer=_("{width} x {height} pixels · {service}").format(
            width=shot.width, height=shot.height, service=shot.provider
        ),
    )


def _remarks(shot: Shot, options: ShotOptions) -> list[str]:
    """Where the picture is not quite what was asked for."""
    remarks = []
    if options.dark and not shot.dark:
        bright = _("{service} cannot ask for dark colours, so these are the usual ones.")
        remarks.append(bright.format(service=shot.provider))
    if shot.cut_at:
        cut = _("The page is longer than a picture can be; it ends at {height} px.")
        remarks.append(cut.format(height=number(shot.cut_at)))
    if shot.scaled_percent < 100:
        smaller = _("Scaled down to {percent} % to fit into this channel.")
        remarks.append(smaller.format(percent=shot.scaled_percent))
    return remarks
