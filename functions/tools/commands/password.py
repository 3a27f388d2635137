"""/password: a random password or passphrase, how strong it is, and another for a press."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from functions.tools.password_rules import (
    DEFAULT_LENGTH,
    DEFAULT_WORDS,
    MAX_LENGTH,
    MAX_WORDS,
    MIN_LENGTH,
    MIN_WORDS,
    SEPARATORS,
    Strength,
    classes,
    possible_passwords,
    strength,
)
from utilsbot.context import Context
from utilsbot.discord.components import Button, row
from utilsbot.discord.custom_id import build
from utilsbot.errors import UnknownCommand
from utilsbot.i18n import _, number
from utilsbot.markdown import code_block
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Ack, Action, Choice, Command, Cooldown, Option, OptionType, Visibility

_CHARACTERS, _PASSPHRASE = "characters", "passphrase"

SPEC = Command(
    name="password",
    summary="Make a random password or passphrase that only you see",
    options=(
        Option(
            "kind",
            "Characters or words (default: characters)",
            default=_CHARACTERS,
            choices=(
                Choice("Characters, as in k7#RmT…", _CHARACTERS),
                Choice("Passphrase of words, as in otter-plank-…", _PASSPHRASE),
            ),
        ),
        Option(
            "length",
            f"How many characters (default: {DEFAULT_LENGTH})",
            OptionType.INTEGER,
            default=DEFAULT_LENGTH,
            min_value=MIN_LENGTH,
            max_value=MAX_LENGTH,
        ),
        Option(
            "include_symbols",
            "Characters: with symbols such as # and ? (default: yes)",
            OptionType.BOOLEAN,
            default=True,
        ),
        Option(
            "exclude_ambiguous",
            "Characters: without those that look alike, 0 O 1 l I | (default: yes)",
            OptionType.BOOLEAN,
            default=True,
        ),
        Option(
            "words",
            f"Passphrase: how many words (default: {DEFAULT_WORDS})",
            OptionType.INTEGER,
            default=DEFAULT_WORDS,
            min_value=MIN_WORDS,
            max_value=MAX_WORDS,
        ),
        Option(
            "separator",
            "Passphrase: between the words (default: hyphen)",
            default="hyphen",
            choices=(
                Choice("Hyphen -", "hyphen"),
                Choice("Space", "space"),
                Choice("Dot .", "dot"),
                Choice("Underscore _", "underscore"),
            ),
        ),
    ),
    actions=(Action("again", Ack.UPDATE),),
    visibility=Visibility.PRIVATE,
    cooldown=Cooldown(3, 60),
    help=(
        "Drawn with the system's secure random numbers. Every class of characters that is switched "
        "on is in the password, and each such password is equally likely. Passphrases use the "
        "EFF's long word list: easier to remember and to type.\n"
        "Only you see it, whatever the options, and the bot keeps no copy. Dismiss the message "
        "once your password manager has it."
    ),
    examples=(
        "/password",
        "/password length:24 include_symbols:false",
        "/password kind:passphrase words:7 separator:space",
    ),
)


class Passwords(Protocol):
    """Draws from secure random numbers."""

    def characters(self, length: int, alphabets: Sequence[str]) -> str:
        """A password that has a character of every alphabet, evenly drawn."""

    def passphrase(self, words: int, separator: str) -> str:
        """Words of the list, each drawn for itself."""

    def words(self) -> Sequence[str]:
        """The list."""


class _Wish(NamedTuple):
    """What kind of password is wanted."""

    kind: str
    length: int
    include_symbols: bool
    exclude_ambiguous: bool
    words: int
    separator: str


def run(
    ctx: Context,  # noqa: ARG001
    *,
    kind: str,
    length: int,
    include_symbols: bool,
    exclude_ambiguous: bool,
    words: int,
    separator: str,
    passwords: Passwords,
) -> Reply:
    """A password of that kind."""
    wish = _Wish(kind, length, include_symbols, exclude_ambiguous, words, separator)
    return _reply(wish, passwords)


def on_again(
    ctx: Context,  # noqa: ARG001
    kind: str,
    length: str,
    include_symbols: str,
    exclude_ambiguous: str,
    words: str,
    separator: str,
    *,
    passwords: Passwords,
) -> Reply:
    """Another of the same kind, in the place of the last one."""
    right = (
        kind in {_CHARACTERS, _PASSPHRASE}
        and _is_within(length, MIN_LENGTH, MAX_LENGTH)
        and {include_symbols, exclude_ambiguous} <= {"0", "1"}
        and _is_within(words, MIN_WORDS, MAX_WORDS)
        and separator in SEPARATORS
    )
    if not right:
        raise UnknownCommand
    symbols, unambiguous = include_symbols == "1", exclude_ambiguous == "1"
    return _reply(_Wish(kind, int(length), symbols, unambiguous, int(words), separator), passwords)


def _is_within(text: str, low: int, high: int) -> bool:
    """Custom ids come back from outside, so they are read as strictly as options."""
    return text.isascii() and text.isdecimal() and len(text) <= 3 and low <= int(text) <= high


def _reply(wish: _Wish, passwords: Passwords) -> Reply:
    if wish.kind == _PASSPHRASE:
        title = _("Your passphrase")
        password = passwords.passphrase(wish.words, SEPARATORS[wish.separator])
        listed = len(passwords.words())
        found = strength(listed**wish.words)
        made = _("{words} words, each drawn evenly from {listed}.").format(
            words=wish.words, listed=number(listed)
        )
    else:
        alphabets = classes(symbols=wish.include_symbols, exclude_ambiguous=wish.exclude_ambiguous)
        title = _("Your password")
        password = passwords.characters(wish.length, alphabets)
        found = strength(possible_passwords(wish.length, alphabets))
        made = _(
            "{length} characters, drawn evenly from {alphabet}, at least one of each of {classes} "
            "classes."
        ).format(length=wish.length, alphabet=sum(map(len, alphabets)), classes=len(alphabets))
    embed = Embed(
        title,
        code_block(password),
        (Field(_("Strength"), _told(found)), Field(_("How it was made"), made)),
        Colour.WARNING if found.bits < 64 else Colour.SUCCESS,
        _("Only you see this, and the bot keeps no copy"),
    )
    return Reply(embeds=(embed,), rows=(row(Button(_("Another"), _again(wish), emoji="🎲")),))


def _told(found: Strength) -> str:
    bits = _("**{bits} bits**, {verdict}.").format(
        bits=number(found.bits, 1), verdict=found.verdict
    )
    guessing = _("At a trillion guesses a second: {time} on average.").format(time=found.crack_time)
    return f"{bits}\n{guessing}"


def _again(wish: _Wish) -> str:
    return build(
        "password",
        "again",
        wish.kind,
        wish.length,
        int(wish.include_symbols),
        int(wish.exclude_ambiguous),
        wish.words,
        wish.separator,
    )
