"""What is typed in the rehearsal: commands of every group, and what their answers must hold."""

from collections.abc import Iterator

from bench.rehearsal.player import Typed
from local.standins.screenshot_services import is_available

SHA256_OF_HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def commands(url: str) -> Iterator[Typed]:
    """The commands. Args: url: of the stand-ins."""
    yield Typed("interactions", "/ping", "Pong|ping")
    yield Typed("interactions", "/version", r"UtilsBot\+ \d")
    yield Typed("interactions", "/help command:hash", "/hash")
    yield from _tools()
    yield from _network(url)
    yield Typed("games", "/wordle play mode:random", "Wordle")
    yield Typed("games", "/wordle guess word:crane", "1 of 6")
    yield Typed("games", "/wordle stats", "(?i)wordle")
    yield Typed("ai", "/ask question:Why is the sky blue?", "(?i)stand-in")
    yield Typed("ai", "/chat message:Help me plan a week in Lisbon", "(?i)stand-in")
    yield Typed("ai", "/usage", "(?i)request|question")
    yield from _system()


def _tools() -> Iterator[Typed]:
    yield Typed("tools", "/hash text:hello algorithm:sha256", SHA256_OF_HELLO)
    yield Typed("tools", "/base64 operation:encode text:hello", "aGVsbG8=")
    yield Typed("tools", "/qr create text:https://example.com", r"\.png")
    yield Typed("tools", "/totp secret:GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", r"\d{3} ?\d{3}")
    yield Typed("tools", "/password", "embeds")


def _network(url: str) -> Iterator[Typed]:
    yield Typed("network", "/ip ip:1.1.1.1", "Country")
    yield Typed("network", f"/unshorten url:{url}/standins/site/go/one", "Where the link leads")
    if is_available():
        yield Typed("network", f"/screenshot url:{url}/standins/site/page", r"\.png")


def _system() -> Iterator[Typed]:
    yield Typed("system", "/preferences boards:text", "(?i)text")
    yield Typed("system", "/whitelist add user:300000000000000002 reason:a tester", "(?i)tester")
    yield Typed("system", "/whitelist check user:300000000000000002", "(?i)tester")
    yield Typed("system", "/logs user user:300000000000000001", "wordle")
    yield Typed("system", "/stats", "(?i)command")
    yield Typed("system", "/guilds", "Playground")
    yield Typed("system", "/sync", "(?i)unchanged|no change|nothing|same")
    yield Typed("system", "/eval code:sum(range(10))", "45")
    yield Typed("system", "/privacy export", r"\.json")
