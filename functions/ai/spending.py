"""Who pays for a question, and who has spent how much."""

from typing import NamedTuple

from functions.ai.model import API
from functions.ai.settings import Limit
from utilsbot.context import Context
from utilsbot.discord.snowflake import created_at
from utilsbot.store import keys
from utilsbot.store.allowances import Allowances, Purse, Used
from utilsbot.store.usage import Usage, UsageReader

_DAY_S = 24 * 3600


class Limits(NamedTuple):
    """The daily allowances."""

    user: Limit
    guild: Limit
    everybody: Limit


class Spending:
    """The purses of a call, and what has gone out of them."""

    def __init__(self, allowances: Allowances, usage: UsageReader, limits: Limits) -> None:
        """Args: limits: a day."""
        self.allowances = allowances
        self.limits = limits
        self._usage = usage

    def purses(self, ctx: Context) -> list[Purse]:
        """Who pays for a call: the user, their server, and everybody; on the day it was made."""
        limits, at = self.limits, created_at(ctx.interaction.id)
        purses = [Purse("user", keys.user_allowance(ctx.user.id, API, at), *limits.user)]
        if ctx.guild_id:
            key = keys.guild_allowance(ctx.guild_id, API, at)
            purses.append(Purse("guild", key, *self.guild_limit(ctx)))
        return [*purses, Purse("everybody", keys.shared_allowance(API, at), *limits.everybody)]

    def starts_again_at(self, ctx: Context) -> int:
        """When the day after a call's begins: epoch seconds, UTC."""
        return (int(created_at(ctx.interaction.id)) // _DAY_S + 1) * _DAY_S

    def guild_limit(self, ctx: Context) -> Limit:
        """A server's allowance a day: its administrators may lower the operator's, never raise."""
        limit = self.limits.guild
        if ctx.ai_requests is None:
            return limit
        return limit._replace(requests=min(limit.requests, ctx.ai_requests))

    def of_user(self, user_id: str, now: float, days: int) -> list[Used]:
        """A user's days, today first.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        moments = [now - day * _DAY_S for day in range(days)]
        return self.allowances.used([keys.user_allowance(user_id, API, at) for at in moments])

    def of_guild(self, guild_id: str, now: float) -> Used:
        """A server's today.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self.allowances.used([keys.guild_allowance(guild_id, API, now)])[0]

    def of_everybody(self, now: float, days: int) -> list[Used]:
        """Everybody's days, today first.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        moments = [now - day * _DAY_S for day in range(days)]
        return self.allowances.used([keys.shared_allowance(API, at) for at in moments])

    def lifetime(self, user_id: str) -> Usage:
        """A user's calls of all time.

        Raises:
            StoreError: DynamoDB did not answer or refused.
        """
        return self._usage.of(user_id, API)
