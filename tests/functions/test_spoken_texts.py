"""Whatever users read of tools, network, games and AI is asked for in their language."""

from collections.abc import Iterator
from gettext import NullTranslations
from itertools import product
from typing import Any

import pytest

from functions.ai.commands.usage import run as run_usage
from functions.ai.conversation import buttons
from functions.ai.failures import allowance_spent, no_answer, too_long
from functions.ai.model import Ending, Failure, ModelFailed
from functions.ai.prompting import explain, system_instruction
from functions.ai.replies import answer_reply
from functions.ai.settings import Limit
from functions.network.chain_embed import chain_embed
from functions.network.commands.ip import run as run_ip
from functions.network.expansion import End, Expansion, Hop
from functions.network.failures import ProviderFailed, ServicesFailed, attempt_at
from functions.network.ip_report import IpInfo, IpReport, SpecialRange
from functions.tools.password_rules import strength
from functions.tools.ports import build_ports
from tests.answers import AttachedFiles, context_of, modal_of, reply_to
from tests.fakes import FakeClock
from tests.functions.games.player import Player, wordle_of
from tests.interactions import NOW, attachment, command_interaction
from utilsbot import i18n
from utilsbot.context import Context
from utilsbot.i18n import LANGUAGES, N_
from utilsbot.meter import Meter
from utilsbot.reply import Embed, Reply

_MARK = "⟦"


class Marked(NullTranslations):
    """A language that puts every text in brackets."""

    def gettext(self, message: str) -> str:
        """One text."""
        return f"{_MARK}{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One of two."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """German is Marked."""
    monkeypatch.setitem(i18n._catalogues, "de", Marked())
    i18n.speak("de")


def _context() -> Context:
    return context_of(command_interaction("ask", options={"question": "?"}))[1]


def _embed_texts(embed: Embed) -> Iterator[str]:
    yield from filter(None, (embed.title, embed.footer))
    yield from (field.name for field in embed.fields)


def _texts(reply: Reply) -> Iterator[str]:
    """Every title, name, footer, label, description of a file and plain content."""
    for embed in reply.embeds:
        yield from _embed_texts(embed)
    for row in reply.rows:
        for part in row.components:
            yield getattr(part, "label", "") or getattr(part, "placeholder", "") or ""
    yield from (file.description for file in reply.files if file.description)
    yield from filter(None, [reply.content])


def _check(*replies: Reply) -> None:
    texts = [text for reply in replies for text in _texts(reply)]
    assert texts
    assert [text for text in texts if _MARK not in text] == []


_TOOLS: list[tuple[str, str | None, dict[str, Any]]] = [
    ("base64", None, {"operation": "encode", "text": "hello"}),
    ("base64", None, {"operation": "decode", "text": "-_-_aA"}),
    ("base64", None, {"operation": "decode", "text": "iVBORw0KGgo"}),
    ("hash", None, {"text": "hello", "algorithm": "md5", "expected": "0" * 32}),
    ("password", None, {}),
    ("password", None, {"kind": "passphrase"}),
    ("totp", None, {"secret": "GEZDGNBVGY3TQOJQ"}),
    ("totp", None, {"secret": "GEZA"}),
    ("qr", "create", {"text": "hello", "dark": "white", "light": "black"}),
]


@pytest.mark.parametrize(("command", "subcommand", "options"), _TOOLS)
def test_tools_speak(
    spoken: None, command: str, subcommand: str | None, options: dict[str, Any]
) -> None:
    """Titles, names of fields, footers, buttons and alternative texts."""
    body = command_interaction(command, subcommand, options=options)
    _check(reply_to(body, build_ports(AttachedFiles())))


def test_the_form_for_a_secret_speaks(spoken: None) -> None:
    """Its title, label and description."""
    modal = modal_of(command_interaction("totp"))
    assert modal is not None
    field = modal.inputs[0]
    assert all(_MARK in (text or "") for text in (modal.title, field.label, field.description))


def test_a_read_code_speaks(spoken: None) -> None:
    """Only the code's own name is nobody's language."""
    drawn = reply_to(
        command_interaction("qr", "create", options={"text": "https://example.com"}),
        build_ports(AttachedFiles()),
    ).files[0]
    body = command_interaction(
        "qr", "read", attachments={"image": attachment("a.png", len(drawn.content), "image/png")}
    )
    (embed,) = reply_to(body, build_ports(AttachedFiles(a_png=drawn.content))).embeds
    assert all(_MARK in text for text in (embed.title, embed.footer, embed.fields[0].value))


@pytest.mark.parametrize("exponent", [*range(4, 36), 300])
def test_the_time_to_guess_is_spoken(spoken: None, exponent: int) -> None:
    """Whatever the unit."""
    assert strength(10**exponent).crack_time.startswith(_MARK)


@pytest.mark.parametrize(("end", "redirects"), list(product(End, (0, 1, 3))))
def test_chains_speak(spoken: None, end: End, redirects: int) -> None:
    """However they end."""
    hops = tuple(Hop(f"https://{at}.example/", f"{at}.example", 404) for at in range(redirects + 1))
    embed = chain_embed(Expansion(hops, end, "why", "Title", "https://x.example/", ("warning",)))
    assert all(_MARK in text for text in (*_embed_texts(embed), embed.description))


class _Lookup:
    """Knows one answer."""

    def __init__(self, report: IpReport) -> None:
        self._report = report

    def look_up(self, text: str, meter: Meter) -> IpReport:
        """It."""
        return self._report


_INFO = IpInfo("ip-api.com", "Utopia", "UT", "", "R", "C", "1", 1.0, 2.0, "UTC", "I", "O", "AS1")


@pytest.mark.parametrize(
    "report",
    [
        IpReport("1.1.1.1", 4, info=_INFO._replace(hosting=True, proxy=True)),
        IpReport("1.1.1.1", 4, info=_INFO._replace(hosting=False, proxy=False, mobile=False)),
        IpReport("10.0.0.1", 4, special=SpecialRange("10.0.0.0/8", "private networks", "RFC1918")),
    ],
)
def test_ip_speaks(spoken: None, report: IpReport) -> None:
    """All but the address, which is the title, and what the service says."""
    lookup, meter = _Lookup(report), Meter(lambda: 0.0, 1.0)
    (embed,) = run_ip(_context(), ip="x", lookup=lookup, meter=meter).embeds
    assert all(_MARK in text for text in _embed_texts(embed._replace(title="")))


def test_a_services_failure_is_one_sentence(spoken: None) -> None:
    """With the service's name where the language wants it, and a log that stays English."""
    failed = ProviderFailed(N_("{service} has an error (status {status})"), word="503", status=503)
    told = ServicesFailed("What:", (attempt_at("ip-api.com", failed),), "Advice.")

    assert f"- {_MARK}**ip-api.com** has an error (status 503)⟧" in told.text
    assert str(failed) == "The service has an error (status 503)"


def test_wordle_speaks(spoken: None, table: str, fake_clock: FakeClock) -> None:
    """From the first board to the leaderboard."""
    player = Player(wordle_of(table, fake_clock), fake_clock)
    replies = [player.command("play", mode="random"), player.command("settings", board="text")]
    replies += [player.command("guess", word=word) for word in ("zzzzz", "crane", "crane", "12345")]
    replies += [player.command("play", mode="random"), player.press(_labelled(player, "Give up"))]
    replies.append(player.press(_labelled(player, "Give up")))
    replies.append(player.command("play"))
    replies += [player.command(name) for name in ("stats", "leaderboard", "share", "rules")]
    _check(*replies)


def _labelled(player: Player, text: str) -> str:
    return next(label for label in player.buttons if text in label)


@pytest.mark.parametrize("failure", list(Failure))
def test_failures_of_the_ai_speak(spoken: None, failure: Failure) -> None:
    """Title and text."""
    for error in (
        no_answer(ModelFailed(failure, retry_after_s=5), NOW),
        no_answer(ModelFailed(failure), NOW),
        too_long(9, 8),
        allowance_spent("guild", 1, 2, 3),
    ):
        assert error.title.startswith(_MARK)
        assert error.text.startswith(_MARK)


class _Spending:
    """Nobody has used anything."""

    limits: Any = type("Limits", (), {"user": Limit(1, 2), "everybody": Limit(3, 4)})

    def guild_limit(self, ctx: Context) -> Limit:
        """Of a server."""
        return Limit(5, 6)

    def of_user(self, user_id: str, now: float, days: int) -> list[Limit]:
        """None."""
        return [Limit(0, 0)] * days

    def of_guild(self, guild_id: str, now: float) -> Limit:
        """None."""
        return Limit(0, 0)

    def of_everybody(self, now: float, days: int) -> list[Limit]:
        """None."""
        return [Limit(0, 0)] * days

    def lifetime(self, user_id: str) -> Any:
        """None."""
        return type("Lifetime", (), {"calls": 0, "failures": 0, "tokens": 0})


def test_the_ai_speaks(spoken: None) -> None:
    """Its figures, its buttons and its small print."""
    context = _context()._replace(developer=True)
    for everybody in (True, False):
        reply = run_usage(context, everybody=everybody, spending=_Spending())
        _check(reply)
        assert _MARK in reply.embeds[0].description
    _check(Reply(rows=buttons("1", "2", "open")))
    _check(answer_reply("", "", "", Ending.CUT))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_ai_is_told_the_readers_language(language: str) -> None:
    """By its own name, and explanations of messages, whose reader types nothing, are in it."""
    context = _context()._replace(language=language)
    name = LANGUAGES[language]

    assert f"if that is unclear, in {name}." in system_instruction(context, "")
    assert f"Write in {name}," in explain(context)
