"""The same load elsewhere: on a machine that is always on, and deferred without a queue."""

import math
from typing import NamedTuple

from cli.pricing.assumptions import COMMANDS_PER_USER, MIX, MONTH_S, assumed
from cli.pricing.measured import Measured
from cli.pricing.model import DEPLOYED, Design
from utilsbot.prices import DISK_USD_A_GB, INSTANCES, IPV4_USD_AN_HOUR, PRICES, Instance

_DAYS = 365 / 12
_LOG_DAYS = 90
_SYSTEM_GB = 8.0
_GUILD_MB = 0.02
_GB = 1e9

ASYNCHRONOUS: Design = DEPLOYED._replace(asynchronous=True)
"""Lambda's own event queue in place of SQS, everything else as it is."""


class Machine(NamedTuple):
    """An always-on gateway bot."""

    instance: Instance
    number: int
    cores: float
    """What the load takes on average."""
    memory_mb: float
    usd: float
    """A month, with address, disk and traffic."""


def machine(measured: Measured, users: float, *, per_user: float = COMMANDS_PER_USER) -> Machine:
    """The smallest machines that carry the load, with their data on their own disk.

    Args:
        measured: the profile: commands take the CPU that they take on Lambda.
        users: a day.
        per_user: commands a day.
    """
    daily = users * per_user
    cpu_ms = sum(
        share * (measured.groups[name].front_cpu_ms + measured.groups[name].worker_cpu_ms)
        for name, share in MIX.items()
    )
    cpu_ms = cpu_ms * assumed("cpu_factor") + assumed("gateway_events") * assumed("gateway_ms")
    cores = daily / 86400 * cpu_ms / 1000
    memory = assumed("gateway_mb") + users * assumed("daily_guilds") * _GUILD_MB
    instance, number = _fitting(cores / assumed("gateway_load"), memory)
    row = measured.rows["USER/LOG"]
    disk_gb = _SYSTEM_GB * number + daily * _LOG_DAYS * row / _GB
    out = sum(share * measured.groups[name].out_bytes for name, share in MIX.items())
    traffic_gb = daily * _DAYS * (out + assumed("head_bytes")) / _GB
    hours = MONTH_S / 3600
    usd = number * hours * (instance.usd_an_hour + IPV4_USD_AN_HOUR) + disk_gb * DISK_USD_A_GB
    return Machine(instance, number, cores, memory, usd + traffic_gb * PRICES["Traffic"].usd)


def _fitting(cores: float, memory_mb: float) -> tuple[Instance, int]:
    """The smallest instance that is enough, or as many of the largest as it takes."""
    for instance in INSTANCES:
        if instance.steady_cpu >= cores and instance.memory_mb * 0.8 >= memory_mb:
            return instance, 1
    largest = INSTANCES[-1]
    enough = max(cores / largest.steady_cpu, memory_mb / (largest.memory_mb * 0.8))
    return largest, math.ceil(enough)
