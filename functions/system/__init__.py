"""The system group: running the bot (developers), and people's own data (everyone)."""

COMMANDS = (
    "beta",
    "blacklist",
    "eval",
    "guilds",
    "load",
    "logs",
    "maintenance",
    "preferences",
    "privacy",
    "reload",
    "run",
    "settings",
    "stats",
    "sync",
    "unload",
    "whitelist",
)
