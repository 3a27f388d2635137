"""SnapStart for Python: what it would cost each function, and what it would save of the bill.

AWS keeps a snapshot of each published version after its init, and restores it in place of a cold
start's init. The prices are those of us-east-1, as stored copies of AWS's pages have them; they
could not be looked up at AWS, and arm64 was not found apart from x86.
"""

from typing import Final, NamedTuple

from cli.pricing.assumptions import COMMANDS_PER_USER, MIX, MONTH_S
from cli.pricing.measured import Measured
from cli.pricing.model import FRONT_DOOR, cold_share, init_s
from utilsbot.prices import PRICES, Price

DATE: Final = "October 2025"
CACHE: Final = Price(1.5046e-6, "GB-second that a version's snapshot is kept", "lambda/pricing")
RESTORE: Final = Price(139.7998e-6, "GB restored", "lambda/pricing")
_COMPUTE: Final = PRICES["Lambda compute"].usd
PAYS_FROM_S: Final = RESTORE.usd / _COMPUTE
"""An init that is shorter costs less than a restore, whatever the memory."""


class SnapStart(NamedTuple):
    """One function; US dollars."""

    memory_mb: int
    init_s: float
    """What a cold start adds today, billed."""
    init_usd: float
    """A million cold starts' inits, which would go."""
    restore_usd: float
    """A million restores, which would come."""
    kept_usd: float
    """A month for each version that is kept."""


def snapstart(measured: Measured, name: str) -> SnapStart:
    """What a function would pay and save; the best case: nothing of the init is left."""
    function = measured.functions[name]
    gb, init = function.memory_mb / 1024, init_s(function)
    return SnapStart(
        memory_mb=function.memory_mb,
        init_s=init,
        init_usd=init * gb * _COMPUTE * 1e6,
        restore_usd=RESTORE.usd * gb * 1e6,
        kept_usd=CACHE.usd * gb * MONTH_S,
    )


def more_a_month(measured: Measured, name: str, users: float) -> float:
    """What SnapStart adds to a month's bill, with one version kept; US dollars.

    Args:
        measured: the profile.
        name: the function's group.
        users: a day, each with COMMANDS_PER_USER.
    """
    share = 1.0 if name == FRONT_DOOR else MIX[name]
    a_second = users * COMMANDS_PER_USER * share / 86400
    one = snapstart(measured, name)
    colds = a_second * MONTH_S * cold_share(a_second)
    return one.kept_usd + colds * (one.restore_usd - one.init_usd) / 1e6
