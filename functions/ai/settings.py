"""What the AI group's function is told by its environment."""

from collections.abc import Mapping
from typing import NamedTuple

from utilsbot import settings as s
from utilsbot.settings import Secret

SAFETY_THRESHOLDS = {
    "low": "BLOCK_LOW_AND_ABOVE",
    "medium": "BLOCK_MEDIUM_AND_ABOVE",
    "high": "BLOCK_ONLY_HIGH",
    "none": "BLOCK_NONE",
}
"""Our words for what is blocked from which probability of harm on."""
_THINKING = ("minimal", "low", "medium", "high", "default")


def _secret(raw: str) -> Secret:
    """Any text, kept out of sight."""
    return Secret(raw)


def _models(raw: str) -> tuple[str, ...]:
    """Names of models, separated by commas, the first choice first."""
    names = tuple(part.strip().removeprefix("models/") for part in raw.split(",") if part.strip())
    if not names:
        raise ValueError("should name at least one model")
    return names


def _temperature(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 2:
        raise ValueError("should be a number from 0 to 2")
    return value


def _safety(raw: str) -> str:
    if raw.lower() not in SAFETY_THRESHOLDS:
        raise ValueError(f"should be one of {', '.join(SAFETY_THRESHOLDS)}")
    return raw.lower()


def _thinking(raw: str) -> str:
    if raw.lower() not in _THINKING:
        raise ValueError(f"should be one of {', '.join(_THINKING)}")
    return "" if raw.lower() == "default" else raw.lower()


URL = s.Setting(
    "GEMINI_URL",
    s.address,
    "the Gemini API, or a stand-in",
    "https://generativelanguage.googleapis.com",
)
KEY_PARAMETER = s.Setting("GEMINI_KEY_PARAMETER", s.text, "SSM parameter with the API key", "")
KEY = s.Setting("GEMINI_KEY", _secret, "the API key itself, for local runs only", Secret(""))
CHAT_KEY_PARAMETER = s.Setting(
    "CHAT_KEY_PARAMETER",
    s.text,
    "SSM parameter with the key that conversations are sealed with",
    "",
)
CHAT_KEY = s.Setting(
    "CHAT_KEY", _secret, "the key of conversations itself, for local runs only", Secret("")
)
MODELS: s.Setting[tuple[str, ...]] = s.Setting(
    "GEMINI_MODELS",
    _models,
    "models, comma separated: the first is asked, the next one where it fails",
    ("gemini-flash-latest", "gemini-3.5-flash-lite"),
)
INSTRUCTION = s.Setting("AI_INSTRUCTION", s.text, "what you add to the system instruction", "")
TEMPERATURE = s.Setting("AI_TEMPERATURE", _temperature, "from 0 (dry) to 2 (wild)", 1.0)
THINKING = s.Setting("AI_THINKING", _thinking, "how much the model thinks before it writes", "low")
SAFETY = s.Setting("AI_SAFETY", _safety, "from which probability of harm on is blocked", "medium")
MAX_INPUT = s.Setting(
    "AI_MAX_INPUT_TOKENS", s.whole_number, "tokens that one question may have", 32_000
)
MAX_OUTPUT = s.Setting(
    "AI_MAX_OUTPUT_TOKENS", s.whole_number, "tokens that one answer may have, with thoughts", 4_096
)
MEMORY = s.Setting(
    "AI_MEMORY_TOKENS", s.whole_number, "tokens that a conversation remembers", 16_000
)
MEMORY_HOURS = s.Setting(
    "AI_MEMORY_HOURS", s.whole_number, "hours until an idle conversation is forgotten", 24
)
STALL_S = s.Setting("AI_STALL_S", s.whole_number, "seconds without any text that are too many", 15)
TOTAL_S = s.Setting("AI_TOTAL_S", s.whole_number, "seconds that one answer may take", 30)
USER_REQUESTS = s.Setting("AI_USER_REQUESTS", s.whole_number, "questions a user and day", 60)
USER_TOKENS = s.Setting("AI_USER_TOKENS", s.whole_number, "tokens a user and day", 250_000)
GUILD_REQUESTS = s.Setting("AI_GUILD_REQUESTS", s.whole_number, "questions a server and day", 500)
GUILD_TOKENS = s.Setting("AI_GUILD_TOKENS", s.whole_number, "tokens a server and day", 2_000_000)
ALL_REQUESTS = s.Setting("AI_ALL_REQUESTS", s.whole_number, "questions a day in all", 2_000)
ALL_TOKENS = s.Setting("AI_ALL_TOKENS", s.whole_number, "tokens a day in all", 8_000_000)


class Limit(NamedTuple):
    """A daily allowance."""

    requests: int
    tokens: int


class AiSettings(NamedTuple):
    """The group's settings."""

    url: str
    key: Secret
    key_parameter: str
    chat_key: Secret
    chat_key_parameter: str
    models: tuple[str, ...]
    instruction: str
    temperature: float
    thinking: str
    safety: str
    max_input_tokens: int
    max_output_tokens: int
    memory_tokens: int
    memory_s: int
    stall_s: int
    total_s: int
    user_limit: Limit
    guild_limit: Limit
    total_limit: Limit

    @property
    def configured(self) -> bool:
        """Whether there is a key."""
        return bool(self.key_parameter or self.key.reveal())

    @property
    def remembers(self) -> bool:
        """Whether there is a key to seal conversations with."""
        return bool(self.chat_key_parameter or self.chat_key.reveal())

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "AiSettings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is wrong.
        """
        reader = s.Reader(environment)
        settings = cls(
            url=reader.read(URL),
            key=reader.read(KEY),
            key_parameter=reader.read(KEY_PARAMETER),
            chat_key=reader.read(CHAT_KEY),
            chat_key_parameter=reader.read(CHAT_KEY_PARAMETER),
            models=reader.read(MODELS),
            instruction=reader.read(INSTRUCTION),
            temperature=reader.read(TEMPERATURE),
            thinking=reader.read(THINKING),
            safety=reader.read(SAFETY),
            max_input_tokens=reader.read(MAX_INPUT),
            max_output_tokens=reader.read(MAX_OUTPUT),
            memory_tokens=reader.read(MEMORY),
            memory_s=(reader.read(MEMORY_HOURS) or 0) * 3600,
            stall_s=reader.read(STALL_S),
            total_s=reader.read(TOTAL_S),
            user_limit=Limit(reader.read(USER_REQUESTS), reader.read(USER_TOKENS)),
            guild_limit=Limit(reader.read(GUILD_REQUESTS), reader.read(GUILD_TOKENS)),
            total_limit=Limit(reader.read(ALL_REQUESTS), reader.read(ALL_TOKENS)),
        )
        reader.finish()
        return settings
