"""What Wordle reads from a call: the move, who sees it, and custom ids that come from outside."""

from functions.games.wordle_game import Mode, Move
from functions.games.wordle_rules import ATTEMPTS
from functions.games.wordle_views import is_day
from utilsbot.context import Context
from utilsbot.discord.snowflake import is_snowflake
from utilsbot.errors import UnknownCommand
from utilsbot.spec import InteractionContext

_EPHEMERAL = 64


def check(mode: str, game_id: str, turn: str = "0") -> None:
    """The parts of a custom id come back from outside."""
    known = is_day(game_id) if mode == Mode.DAILY.value else is_snowflake(game_id)
    if mode not in set(Mode) or not known or turn not in {str(n) for n in range(ATTEMPTS)}:
        raise UnknownCommand


def move_of(ctx: Context) -> Move:
    """The move: dated by Discord, so a redelivery is the same one and a queue makes none late."""
    interaction = ctx.interaction
    return Move(interaction.id, interaction.user.id, interaction.created_at, interaction.guild_id)


def is_public(ctx: Context) -> bool:
    """Whether others see the new message."""
    return not ctx.private and ctx.interaction.context != InteractionContext.BOT_DM


def is_on_public(ctx: Context) -> bool:
    """Whether others see the message that is edited."""
    flags = (ctx.interaction.message or {}).get("flags") or 0
    return not int(flags) & _EPHEMERAL and ctx.interaction.context != InteractionContext.BOT_DM
