"""The only list of all commands: one line a group; its package lists its command modules."""

from utilsbot.catalog import Catalog

CATALOG = Catalog(
    "functions.interactions",
    "functions.ai",
    "functions.games",
    "functions.network",
    "functions.system",
    "functions.tools",
)
