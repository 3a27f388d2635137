"""/hash: the digest of a text or a file, and whether it is the expected one."""

from typing import Protocol

from functions.tools.digest_names import ALGORITHMS, Algorithm, of_length, parse_expected
from functions.tools.source import Files, either, in_bytes, read_source
from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput
from utilsbot.i18n import _, ngettext
from utilsbot.markdown import code_block
from utilsbot.reply import Colour, Embed, Field, Reply
from utilsbot.spec import Choice, Command, Cooldown, Option, OptionType, Visibility

MAX_FILE_BYTES = 25 * 1024 * 1024

SPEC = Command(
    name="hash",
    summary="Compute the digest of a text or a file, or check it against one you have",
    options=(
        Option("text", "The text; it is hashed as UTF-8", min_length=1, max_length=6000),
        Option("file", "A file instead of a text, up to 25 MiB", OptionType.ATTACHMENT),
        Option(
            "algorithm",
            "Which digest (default: SHA-256)",
            default="sha256",
            choices=tuple(Choice(a.label, a.name) for a in ALGORITHMS.values()),
        ),
        Option(
            "expected",
            "A digest to compare with: hex, sha256:…, or a line of sha256sum",
            min_length=1,
            max_length=300,
        ),
    ),
    visibility=Visibility.PRIVATE_UNLESS_SHARED,
    cooldown=Cooldown(5, 60),
    help=(
        "Give a `text` or attach a `file`. With `expected` it says whether the digest is the one "
        "you were given, in whatever way it is written: upper case, grouped, with `sha256:` in "
        "front, as a line of `sha256sum` or as the `integrity` of a web page.\n"
        "MD5 and SHA-1 are for old checksums only: files that share one can be made on purpose. "
        "No digest here is fit to store passwords.\n"
        "Your text is never repeated in the answer, kept or logged."
    ),
    examples=(
        "/hash text:hello algorithm:sha256",
        "/hash text:hello algorithm:md5 expected:5d41402abc4b2a76b9719d911017c592",
    ),
)


class Digests(Protocol):
    """Computes and compares digests."""

    def hex_digest(self, algorithm: str, content: bytes) -> str:
        """The digest in lower-case hex."""

    def same(self, one: str, other: str) -> bool:
        """Whether two hex digests are equal, in constant time."""


def run(
    ctx: Context,  # noqa: ARG001
    *,
    text: str | None,
    file: Attachment | None,
    algorithm: str,
    expected: str | None,
    files: Files,
    digests: Digests,
) -> Reply:
    """The digest, and the verdict if one is expected."""
    chosen = ALGORITHMS[algorithm]
    wanted = _wanted(expected, chosen) if expected is not None else None
    source = read_source(text, file, files, max_bytes=MAX_FILE_BYTES)
    digest = digests.hex_digest(chosen.name, source.content)
    title, colour, remark = _("{algorithm} digest"), Colour.PLAIN, ""
    if wanted is not None:
        if digests.same(digest, wanted):
            title, colour = _("{algorithm}: it matches"), Colour.SUCCESS
        else:
            title, colour = _("{algorithm}: it does not match"), Colour.ERROR
            remark = _difference(wanted, chosen, source.content, digests)
    fields = [Field(_("Of"), source.name, inline=True)]
    fields.append(Field(_("Size"), in_bytes(len(source.content)), inline=True))
    if remark:
        fields.append(Field(_("Expected"), remark))
    if chosen.weakness:
        weakness = _(chosen.weakness).format(name=chosen.label)
        fields.append(Field(_("Checksums only"), weakness))
    footer = "" if source.is_file else _("Hashed as UTF-8, with no line break at the end")
    title = title.format(algorithm=chosen.label)
    embed = Embed(title, code_block(digest), tuple(fields), colour, footer)
    return Reply(embeds=(embed,))


def _wanted(expected: str, chosen: Algorithm) -> str:
    """The expected digest in hex, which can be one of the chosen algorithm."""
    try:
        parsed = parse_expected(expected)
    except ValueError as error:
        raise BadInput(str(error), option="expected") from None
    if parsed.algorithm not in {None, chosen.name}:
        named = ALGORITHMS[parsed.algorithm]
        raise BadInput(
            _(
                "`expected` says it is {other}, but the algorithm is {chosen}. Use "
                "`algorithm:{name}`."
            ).format(other=named.label, chosen=chosen.label, name=named.name),
            option="expected",
        )
    if len(parsed.hex) != chosen.hex_digits:
        raise BadInput(_wrong_length(len(parsed.hex), chosen), option="expected")
    return parsed.hex


def _wrong_length(given: int, chosen: Algorithm) -> str:
    fitting = of_length(given)
    lengths = ngettext(
        "`expected` has {count} hex digit, and {algorithm} has {right}.",
        "`expected` has {count} hex digits, and {algorithm} has {right}.",
        given,
    ).format(count=given, algorithm=chosen.label, right=chosen.hex_digits)
    if not fitting:
        advice = _("Part of it may be missing: please copy it again.")
    else:
        advice = _("It is as long as {algorithms}: try {options}.").format(
            algorithms=either(algorithm.label for algorithm in fitting),
            options=either(f"`algorithm:{algorithm.name}`" for algorithm in fitting),
        )
    return f"{lengths} {advice}"


def _difference(wanted: str, chosen: Algorithm, content: bytes, digests: Digests) -> str:
    """What was expected, and whether another algorithm of the same length gives it."""
    for other in of_length(chosen.hex_digits):
        if other != chosen and digests.same(digests.hex_digest(other.name, content), wanted):
            told = _("That is its **{algorithm}** digest: the content is right.")
            return code_block(wanted) + told.format(algorithm=other.label)
    told = _("The content has changed, or this is the digest of something else.")
    return code_block(wanted) + told
