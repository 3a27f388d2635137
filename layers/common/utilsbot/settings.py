"""Settings from the environment: typed, frozen, and every bad value reported at once.

Only a function's `handler.py` (and the local runner) reads the environment; everything else is
handed what it needs. Written without pydantic because the front door reads settings too.
"""

from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

from utilsbot.discord.snowflake import is_snowflake

T = TypeVar("T")


class Secret:
    """A text that no repr, no log and no error shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Args: text: the secret."""
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for the one place that sends it."""
        return self._text

    def __repr__(self) -> str:
        """Starred."""
        return "Secret(***)" if self._text else "Secret('')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        """Equal if the texts are."""
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        """Consistent with equality."""
        return hash(self._text)


class Setting(NamedTuple, Generic[T]):
    """One variable: what reads it, and what the generated docs say of it."""

    name: str
    parse: Callable[[str], T]
    """Raises ValueError with the end of a sentence: "should be …"."""
    help: str
    default: T | None = None
    required: bool = False


class BadSettings(Exception):
    """One or more variables are missing or wrong; `problems` has a line each."""

    def __init__(self, problems: list[str]) -> None:
        """Args: problems: sentences that name the variable."""
        super().__init__("bad settings:\n  " + "\n  ".join(problems))
        self.problems = problems


class Reader:
    """Collects the problems of all variables before it complains."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Args: environment: usually os.environ; an empty value counts as not set."""
        self._environment = environment
        self._problems: list[str] = []

    def read(self, setting: Setting[T]) -> T:
        """The value; on a problem anything, because `finish` will raise."""
        raw = self._environment.get(setting.name, "").strip()
        if not raw:
            if setting.required:
                self._problems.append(f"{setting.name} is not set: {setting.help}")
            return setting.default  # type: ignore[return-value]
        try:
            return setting.parse(raw)
        except ValueError as error:
            self._problems.append(f"{setting.name} {error}: {setting.help}")
            return setting.default  # type: ignore[return-value]

    def finish(self) -> None:
        """Raises: BadSettings: with every problem found."""
        if self._problems:
            raise BadSettings(self._problems)


def text(raw: str) -> str:
    """Any text."""
    return raw


def flag(raw: str) -> bool:
    """A boolean word."""
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if raw.lower() not in words:
        raise ValueError("should be true or false")
    return words[raw.lower()]


def whole_number(raw: str) -> int:
    """A number without sign."""
    if not (raw.isascii() and raw.isdecimal()):
        raise ValueError("should be a whole number")
    return int(raw)


def snowflake(raw: str) -> str:
    """One Discord id."""
    if not is_snowflake(raw):
        raise ValueError("should be a Discord id, 17 to 20 digits")
    return raw


def snowflakes(raw: str) -> frozenset[str]:
    """Discord ids, separated by commas; one bad one is an error and not a silent loss of all."""
    ids = [part.strip() for part in raw.split(",") if part.strip()]
    wrong = [part for part in ids if not is_snowflake(part)]
    if wrong:
        raise ValueError(f"has something that is no Discord id ({', '.join(wrong)})")
    return frozenset(ids)


def words(raw: str) -> frozenset[str]:
    """Words, separated by commas."""
    return frozenset(part.strip() for part in raw.split(",") if part.strip())


def public_keys(raw: str) -> tuple[bytes, ...]:
    """Ed25519 public keys in hex, separated by commas: two during a rotation."""
    keys = []
    for part in raw.split(","):
        try:
            key = bytes.fromhex(part.strip())
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ValueError("should be 64 hex digits, as the Discord developer portal shows them")
        keys.append(key)
    return tuple(keys)


def address(raw: str) -> str:
    """An http(s) address without a trailing slash."""
    if not raw.startswith(("https://", "http://")):
        raise ValueError("should start with https:// or http://")
    return raw.rstrip("/")


# The variables that several functions share. Names that AWS sets keep AWS's names.
TABLE = Setting("TABLE_NAME", text, "the DynamoDB table", required=True)
REGION = Setting("AWS_REGION", text, "set by Lambda", default="us-east-1")
DEVELOPERS: Setting[frozenset[str]] = Setting(
    "DEVELOPER_IDS", snowflakes, "Discord ids of the developers, comma separated", frozenset()
)
CLOSED_BETA = Setting("CLOSED_BETA", flag, "whether only whitelisted users may use the bot", False)
DISCORD_API = Setting(
    "DISCORD_API_URL", address, "Discord's API, or a stand-in", "https://discord.com/api/v10"
)
LOG_LEVEL = Setting("LOG_LEVEL", text, "DEBUG, INFO, WARNING or ERROR", "INFO")
