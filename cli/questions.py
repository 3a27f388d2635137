"""The questions that an operator asks of the logs, in CloudWatch Logs Insights' language.

The one place that defines them: infra/operations.yaml saves them in the console (a test compares),
`utilsbot logs --query` asks them of a deployment or a local stack, docs/runbook.md shows answers.
"""

from typing import NamedTuple

REFERENCE = "REFERENCE"
"""What `trace` has in place of a reference id."""


class Question(NamedTuple):
    """One question."""

    name: str
    """As `--query` takes it."""
    asks: str
    query: str


def _listed(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _question(name: str, asks: str, *steps: str) -> Question:
    return Question(name, asks, "\n| ".join(steps))


CRASH = r"Task timed out|Runtime exited|Traceback|\[ERROR\]"
"""What Lambda and its runtime client write, in plain text, where no line of ours can be written: a
time-out, a process that ended, an error that nobody caught, code that does not start."""
FAILURES = (
    *("error", "service_error", "undeliverable", "expired", "poison"),  # utilsbot.worker
    *("rescued", "failed", "stray"),  # functions.rescue
)
"""Outcomes that an operator wants to know of."""

QUESTIONS = {
    question.name: question
    for question in (
        _question(
            "slowest",
            "Which commands take longest?",
            'filter event = "command" and ispresent(run_ms)',
            "stats count(*) as commands, pct(run_ms, 50) as p50_ms, pct(run_ms, 95) as p95_ms, "
            "max(run_ms) as max_ms, max(queued_ms) as max_queued_ms by group, command",
            "sort p95_ms desc",
            "limit 20",
        ),
        _question(
            "errors",
            "What failed, under which reference id?",
            f"filter outcome in {_listed(FAILURES)} or status >= 500 or @message like /{CRASH}/",
            "fields @timestamp, function, reference, command, attempt, reason, error, cause, "
            "coalesce(outcome, @message) as outcome",
            "sort @timestamp desc",
            "limit 50",
        ),
        _question(
            "cold",
            "How often does a command meet a cold start, and what does it take then?",
            'filter event in ["interaction", "command"] and ispresent(duration_ms)',
            "stats count(*) as invocations, pct(duration_ms, 50) as p50_ms, "
            "max(duration_ms) as max_ms by function, cold",
            "sort max_ms desc",
        ),
        _question(
            "refusals",
            "Who is refused, why and how often? (cooldowns, permissions, switches)",
            'filter outcome = "refused"',
            "stats count(*) as refusals, count_distinct(user) as users by reason, command",
            "sort refusals desc",
            "limit 50",
        ),
        _question(
            "costs",
            "Where do compute and AI tokens go? (Lambda arm64 at list price, without cold starts)",
            "filter ispresent(duration_ms)",
            "stats count(*) as lines, sum(duration_ms) / 1000 as seconds, "
            "sum(duration_ms * memory_mb) / 1024000 * 0.0000133334 as usd, sum(tokens) as tokens "
            "by group, command",
            "sort usd desc",
            "limit 50",
        ),
        _question(
            "trace",
            "What happened to one command, from the endpoint to the reply?",
            f'filter reference = "{REFERENCE}"',
            "fields @timestamp, function, event, outcome, attempt, duration_ms, queued_ms, run_ms, "
            "reply_ms, reason, error, cause, request_id",
            "sort @timestamp asc",
            "limit 100",
        ),
    )
}
