"""/blacklist: add, remove, list, check."""

from functions.system import rolls
from functions.system.noting import Trail
from functions.system.rolls import Lists
from utilsbot.context import Context
from utilsbot.reply import Reply
from utilsbot.store.operators import Roll

SPEC = rolls.roll_spec(
    Roll.BLACKLIST,
    summary="Who may not use the bot at all",
    explained="Members may use no command, whatever the whitelist says; in a server on the list "
    "nobody may.",
)


def run_add(
    ctx: Context,
    *,
    user: str | None,
    server: str | None,
    reason: str,
    lists: Lists,
    developers: frozenset[str],
) -> Reply:
    """Puts a member on it."""
    member = rolls.member_of(user, server)
    rolls.refuse_developers(member, developers)
    return rolls.add(ctx, Roll.BLACKLIST, member, reason, lists)


def run_remove(
    ctx: Context, *, user: str | None, server: str | None, reason: str, lists: Lists
) -> Reply:
    """Takes a member off it."""
    return rolls.remove(ctx, Roll.BLACKLIST, rolls.member_of(user, server), reason, lists)


def run_list(ctx: Context, *, lists: Lists) -> Reply:  # noqa: ARG001
    """The first page."""
    return rolls.listed(Roll.BLACKLIST, lists)


def run_check(
    ctx: Context,  # noqa: ARG001
    *,
    user: str | None,
    server: str | None,
    lists: Lists,
    trail: Trail,
    developers: frozenset[str],
) -> Reply:
    """Whether a member is on it, and why."""
    member = rolls.member_of(user, server)
    return rolls.check(Roll.BLACKLIST, member, lists, trail, developers)


def on_page(ctx: Context, direction: str, cursor: str, *, lists: Lists) -> Reply:  # noqa: ARG001
    """Another page, in place."""
    return rolls.listed(Roll.BLACKLIST, lists, direction, cursor)
