"""What the system group's function is told by its environment."""

from collections.abc import Mapping
from typing import NamedTuple

from utilsbot import settings as s

BOT_TOKEN = s.Setting(
    "DISCORD_BOT_TOKEN_PARAMETER", s.text, "the SSM parameter that holds the bot's token", ""
)
CHAT_KEY = s.Setting(
    "CHAT_KEY_PARAMETER", s.text, "the SSM parameter with the key of conversations, for exports", ""
)
DEVELOPER_GUILD: s.Setting[str] = s.Setting(
    "DEVELOPER_GUILD_ID", s.snowflake, "where developers' commands are registered", ""
)
SANDBOX = s.Setting(
    "SANDBOX_FUNCTION", s.text, "the sandbox's function, or `local`; empty: no /eval, no /run", ""
)


class Settings(NamedTuple):
    """What this group is told beside what every worker is."""

    developers: frozenset[str]
    discord_api: str
    bot_token_parameter: str
    chat_key_parameter: str
    developer_guild_id: str | None
    sandbox: str

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings.

        Raises:
            BadSettings: naming every variable that is wrong.
        """
        reader = s.Reader(environment)
        settings = cls(
            developers=reader.read(s.DEVELOPERS),
            discord_api=reader.read(s.DISCORD_API),
            bot_token_parameter=reader.read(BOT_TOKEN),
            chat_key_parameter=reader.read(CHAT_KEY),
            developer_guild_id=reader.read(DEVELOPER_GUILD) or None,
            sandbox=reader.read(SANDBOX),
        )
        reader.finish()
        return settings
