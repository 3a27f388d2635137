"""/totp: one-time codes of a secret, which is used once and then forgotten."""

from typing import Protocol

from functions.tools.otp_secret import (
    ALGORITHMS,
    DEFAULT_PERIOD_S,
    DIGITS,
    MAX_PERIOD_S,
    MIN_PERIOD_S,
    SHORT_BITS,
    BadSecret,
    CodeSettings,
    TotpKey,
    is_period,
    parse_secret,
)
from utilsbot.context import Context
from utilsbot.discord.components import Button, Modal, TextInput, row
from utilsbot.discord.custom_id import build
from utilsbot.errors import BadInput, UnknownCommand
from utilsbot.i18n import _
from utilsbot.markdown import code_block, escape
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Ack, Action, Choice, Command, Cooldown, Option, OptionType, Visibility

_MAX_SECRET_LENGTH = 1000
_FIELD = "secret"

SPEC = Command(
    name="totp",
    summary="One-time codes for logging in; leave the secret out and a form asks for it",
    options=(
        Option(
            "secret",
            "Better left out: a form asks for it. Base32, or an otpauth:// address",
            min_length=1,
            max_length=_MAX_SECRET_LENGTH,
        ),
        Option(
            "digits",
            "How long the codes are (default: 6)",
            OptionType.INTEGER,
            default=6,
            choices=tuple(Choice(str(number), number) for number in DIGITS),
        ),
        Option(
            "period",
            f"Seconds that a code holds (default: {DEFAULT_PERIOD_S})",
            OptionType.INTEGER,
            default=DEFAULT_PERIOD_S,
            min_value=MIN_PERIOD_S,
            max_value=MAX_PERIOD_S,
        ),
        Option(
            "algorithm",
            "Digest (default: SHA1, which nearly every site uses)",
            default="SHA1",
            choices=tuple(Choice(name, name) for name in ALGORITHMS),
        ),
    ),
    actions=(
        Action("secret", Ack.WORK, private=True),
        Action("ask", Ack.MODAL, cools_down=True),
    ),
    ack=Ack.MODAL,
    visibility=Visibility.PRIVATE,
    cooldown=Cooldown(5, 60),
    help=(
        "Takes a base32 secret in any case, with spaces, hyphens and padding or without, however "
        "short, or a whole `otpauth://totp/…` address, whose own digits, period and algorithm then "
        "count.\n"
        "Only you see the codes. The secret is used once: it is never shown, kept or logged. Even "
        "so, a secret that has been in a chat app is best used for tests and in emergencies."
    ),
    examples=(
        "/totp",
        "/totp secret:GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "/totp secret:GEZDGNBVGY3TQOJQ digits:8 period:60 algorithm:SHA256",
    ),
)


class Codes(Protocol):
    """Makes codes."""

    def code(self, key: TotpKey, at: float) -> str:
        """The code that holds at a time in epoch seconds."""


def first_answer(
    ctx: Context,  # noqa: ARG001
    *,
    secret: str | None,
    digits: int,
    period: int,
    algorithm: str,
) -> Modal | None:
    """The form that asks for the secret, unless it was given."""
    return None if secret is not None else _form(CodeSettings(digits, period, algorithm))


def run(
    ctx: Context, *, secret: str | None, digits: int, period: int, algorithm: str, codes: Codes
) -> Reply:
    """The codes of the secret that was given."""
    if secret is None:
        raise BadInput(_("Give the `secret`."), option="secret")
    settings = CodeSettings(digits, period, algorithm)
    tip = _("Next time leave the secret out: a form asks for it, and no command shows it")
    return _codes(ctx, secret, settings, codes, tip)


def on_ask(ctx: Context, digits: str, period: str, algorithm: str) -> Modal:  # noqa: ARG001
    """The form once more."""
    return _form(_settings(digits, period, algorithm))


def on_secret(ctx: Context, digits: str, period: str, algorithm: str, *, codes: Codes) -> Reply:
    """The codes of the secret that was typed into the form."""
    settings = _settings(digits, period, algorithm)
    footer = _("Only you see this; the secret is already forgotten")
    return _codes(ctx, ctx.fields.get(_FIELD, ""), settings, codes, footer)


def _settings(digits: str, period: str, algorithm: str) -> CodeSettings:
    """The settings in a custom id, which comes back from outside."""
    allowed = digits in {str(number) for number in DIGITS} and is_period(period)
    if not allowed or algorithm not in ALGORITHMS:
        raise UnknownCommand
    return CodeSettings(int(digits), int(period), algorithm)


def _form(settings: CodeSettings) -> Modal:
    secret = TextInput(
        _FIELD,
        _("Secret"),
        description=_("Base32 letters and digits, or a whole otpauth:// address. It is not kept."),
        max_length=_MAX_SECRET_LENGTH,
        placeholder="JBSW Y3DP EHPK 3PXP",
    )
    return Modal(_("One-time code"), build("totp", "secret", *settings), (secret,))


def _codes(ctx: Context, secret: str, settings: CodeSettings, codes: Codes, footer: str) -> Reply:
    """This code and the next one."""
    try:
        key = parse_secret(secret, settings)
    except BadSecret as error:
        raise BadInput(str(error), option="secret") from None
    period_s = key.settings.period_s
    changes_at = (int(ctx.now) // period_s + 1) * period_s
    code, coming = codes.code(key, ctx.now), codes.code(key, changes_at)
    changes = _("changes {moment}").format(moment=f"<t:{changes_at}:R>")
    following = _("**{code}** from {moment}").format(
        code=_grouped(coming), moment=f"<t:{changes_at}:T>"
    )
    embed = Embed(
        title=_title(key),
        description=f"# {_grouped(code)}\n{changes}\n{code_block(code)}",
        fields=(
            Field(_("Next code"), following),
            *_remarks(key),
        ),
        colour=Colour.SUCCESS,
        footer=f"{_how(key.settings)} · {footer}",
    )
    again = Button(_("Another code"), build("totp", "ask", *settings), emoji="🔑")
    return Reply(embeds=(embed,), rows=(row(again),))


def _title(key: TotpKey) -> str:
    """Whose code it is, as far as an address said it."""
    names = " · ".join(escape(name) for name in (key.issuer, key.account) if name)
    return _("Code for {names}").format(names=names)[:256] if names else _("Your one-time code")


def _how(settings: CodeSettings) -> str:
    return _("{algorithm}, {digits} digits, {period} s").format(
        algorithm=settings.algorithm, digits=settings.digits, period=settings.period_s
    )


def _grouped(code: str) -> str:
    """In groups that can be read out: `123 456`, `123 4567`, `1234 5678`."""
    half = len(code) // 2
    return f"{code[:half]} {code[half:]}"


def _remarks(key: TotpKey) -> list[Field]:
    remarks = []
    if key.bits < SHORT_BITS:
        remarks.append(
            _(
                "The secret has only {bits} bits. The code is right, but sites should give out 128 "
                "or more."
            ).format(bits=key.bits)
        )
    if key.loose_bits >= 5:
        remarks.append(
            _(
                "No base32 secret has this number of characters. If the site does not take the "
                "code, one is missing or too many."
            )
        )
    return [Field(_("Please note"), "\n".join(remarks))] if remarks else []
