"""AWS's list prices, written down once: for /stats, `utilsbot costs` and the documentation.

us-east-1, arm64, first tier, as AWS's pricing pages had them in November 2025. They could not be
looked up again from where this was written: compare them before you rely on the last cent.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

DATE: Final = "November 2025"
REGION: Final = "us-east-1"


class Price(NamedTuple):
    """What AWS takes for one unit."""

    usd: float
    """For one unit."""
    unit: str
    source: str
    """The page under https://aws.amazon.com/ that has it."""
    free: float = 0.0
    """Units a month that every account has free for ever; not those of its first year."""


PRICES: Final[Mapping[str, Price]] = {
    "HTTP API": Price(1.00e-6, "request", "api-gateway/pricing"),
    "Lambda requests": Price(0.20e-6, "invocation", "lambda/pricing", 1e6),
    "Lambda compute": Price(0.0000133334, "GB-second", "lambda/pricing", 400_000),
    "SQS": Price(0.40e-6, "request of up to 64 KB", "sqs/pricing", 1e6),
    "DynamoDB writes": Price(0.625e-6, "write unit (1 KB)", "dynamodb/pricing/on-demand"),
    "DynamoDB reads": Price(0.125e-6, "read unit (4 KB)", "dynamodb/pricing/on-demand"),
    "DynamoDB storage": Price(0.25, "GB-month", "dynamodb/pricing/on-demand", 25),
    "DynamoDB recovery": Price(0.20, "GB-month", "dynamodb/pricing/on-demand"),
    "KMS": Price(0.03e-4, "request", "kms/pricing", 20_000),
    "Logs": Price(0.50, "GB taken in", "cloudwatch/pricing", 5),
    "Logs storage": Price(0.03, "GB-month", "cloudwatch/pricing"),
    "Metrics": Price(0.30, "metric and month", "cloudwatch/pricing", 10),
    "Alarms": Price(0.10, "watched metric and month", "cloudwatch/pricing", 10),
    "Dashboards": Price(3.00, "dashboard and month", "cloudwatch/pricing", 3),
    "X-Ray": Price(5.00e-6, "trace", "xray/pricing", 100_000),
    "Traffic": Price(0.09, "GB out", "ec2/pricing/on-demand", 100),
}
"""By what a bill calls it."""


class Instance(NamedTuple):
    """A machine that is always on."""

    name: str
    usd_an_hour: float
    memory_mb: int
    steady_cpu: float
    """Cores that it may use without end: its baseline times its cores."""


INSTANCES: Final = (
    Instance("t4g.nano", 0.0042, 512, 0.10),
    Instance("t4g.micro", 0.0084, 1024, 0.20),
    Instance("t4g.small", 0.0168, 2048, 0.40),
    Instance("t4g.medium", 0.0336, 4096, 0.40),
    Instance("t4g.large", 0.0672, 8192, 0.60),
    Instance("c7g.large", 0.0725, 4096, 2.0),
    Instance("c7g.xlarge", 0.1450, 8192, 4.0),
)
"""EC2 on demand, Linux; smallest first (ec2/pricing/on-demand, ec2/instance-types/t4)."""
IPV4_USD_AN_HOUR: Final = 0.005
"""A public IPv4 address (vpc/pricing)."""
DISK_USD_A_GB: Final = 0.08
"""gp3, a month (ebs/pricing)."""


def usd(part: str, units: float) -> float:
    """What so many units cost at list price.

    Args:
        part: a name in PRICES.
        units: in its own unit.
    """
    return PRICES[part].usd * units
