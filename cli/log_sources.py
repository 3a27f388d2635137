"""Where log lines come from: a running `utilsbot local`, or a deployment's CloudWatch Logs."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import httpx

from cli.target import LOCAL_URL, Where, aws_says

GROUPS = ("interactions", "ai", "games", "network", "system", "tools", "rescue")
"""The functions with lines of their own, by the ends of their log groups' names."""
Row = dict[str, Any]
_POLL_S = 1.0
_QUERY_S = 60.0


class Unreachable(Exception):
    """The lines cannot be had; the message says why."""


class Source(Protocol):
    """Log lines as rows: `@timestamp`, `@message`, and the members of a line that is JSON."""

    def lines(self, since: float, phrase: str = "") -> Iterator[Row]:
        """The lines since then (epoch seconds) that hold a phrase, in no certain order.

        Raises:
            Unreachable: see there.
        """

    def ask(self, query: str, since: float) -> list[Row]:
        """The answer to a query in Logs Insights' language.

        Raises:
            Unreachable: see there.
        """


def row_of(at: float, message: Any, **more: Any) -> Row:
    """A line as Logs Insights would show it.

    Args:
        at: epoch seconds when it was written.
        message: its text, or its JSON taken apart.
        more: what else is known of it; its own members come first.
    """
    moment = datetime.fromtimestamp(at, UTC).isoformat(sep=" ", timespec="milliseconds")
    if isinstance(message, str):
        try:
            taken = json.loads(message)
        except ValueError:
            taken = None
        members, text = taken if isinstance(taken, dict) else {}, message.rstrip()
    else:
        members, text = message, json.dumps(message, separators=(",", ":"), ensure_ascii=False)
    return {**more, **members, "@timestamp": moment.removesuffix("+00:00"), "@message": text}


class LocalSource:
    """The stack on this machine; its stand-in for Logs Insights answers questions."""

    def __init__(self, url: str, group: str | None = None) -> None:
        """Args: url: of `utilsbot local`. group: only this function's lines."""
        self._url = url.rstrip("/")
        self._function = f"{group.title()}Function" if group else None

    def lines(self, since: float, phrase: str = "") -> Iterator[Row]:
        """As Source."""
        for one in self._get(since)["lines"]:
            row = row_of(one["at"], one["line"], function=one["function"])
            if phrase in row["@message"] and self._function in {None, one["function"]}:
                yield row

    def ask(self, query: str, since: float) -> list[Row]:
        """As Source."""
        from local.insights import ask

        return ask(query, self.lines(since))

    def _get(self, since: float) -> dict[str, Any]:
        try:
            with httpx.Client(timeout=30, trust_env=False) as client:
                answer = client.get(f"{self._url}/play/logs", params={"since": since})
            body: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            reason = type(error).__name__
            hint = "is `utilsbot local` running? For a deployment give --stack"
            raise Unreachable(f"{self._url} does not answer ({reason}); {hint}") from None
        return body


class CloudWatchSource:
    """A deployment's log groups."""

    def __init__(
        self,
        stack: str,
        group: str | None = None,
        *,
        region: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Args: stack: its name. group: only this function's lines."""
        self._prefix = f"/aws/lambda/{stack}-"
        # Nothing else that begins so: `bot-prod` is a stack of its own beside `bot`.
        self._names = {self._prefix + one for one in GROUPS if group in {None, one}}
        self._client: Any = aws_client("logs", region)
        self._sleep = sleep
        self._now = now

    def lines(self, since: float, phrase: str = "") -> Iterator[Row]:
        """As Source."""
        pattern = {"filterPattern": json.dumps(phrase)} if phrase else {}
        pages = self._client.get_paginator("filter_log_events")
        for name in self._groups():
            with aws_errors():
                asked = {"logGroupName": name, "startTime": int(since * 1000), **pattern}
                for page in pages.paginate(**asked):
                    for event in page["events"]:
                        yield row_of(event["timestamp"] / 1000, event["message"], function=name)

    def ask(self, query: str, since: float) -> list[Row]:
        """As Source."""
        names, now = self._groups(), self._now()
        with aws_errors():
            started = self._client.start_query(
                logGroupNames=names, startTime=int(since), endTime=int(now) + 1, queryString=query
            )
            for _ in range(int(_QUERY_S / _POLL_S)):
                answer = self._client.get_query_results(queryId=started["queryId"])
                if answer["status"] not in {"Scheduled", "Running", "Unknown"}:
                    return list(_rows(answer))
                self._sleep(_POLL_S)
        raise Unreachable(f"Logs Insights gave no answer within {_QUERY_S:.0f} s")

    def _groups(self) -> list[str]:
        with aws_errors():
            pages = self._client.get_paginator("describe_log_groups")
            found = pages.paginate(logGroupNamePrefix=self._prefix)
            there = [one["logGroupName"] for page in found for one in page["logGroups"]]
        names = [name for name in there if name in self._names]
        if not names:
            wanted = min(self._names) if len(self._names) == 1 else f"{self._prefix}*"
            raise Unreachable(f"there is no log group {wanted}: are stack and region right?")
        return names


def source_of(where: Where, group: str | None = None) -> Source:
    """The lines of what the options name. Raises: Unreachable: AWS cannot be asked."""
    if where.deployed:
        return CloudWatchSource(where.deployed, group, region=where.region)
    return LocalSource(where.local_url or LOCAL_URL, group)


def _rows(answer: Mapping[str, Any]) -> Iterator[Row]:
    if answer["status"] != "Complete":
        raise Unreachable(f"Logs Insights says {answer['status']}")
    for fields in answer["results"]:
        yield {f["field"]: _number(f["value"]) for f in fields if f["field"] != "@ptr"}


def _number(text: str) -> Any:
    """Logs Insights answers with texts only."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def aws_client(service: str, region: str | None = None) -> Any:
    """boto3's client. Raises: Unreachable: it cannot be made, as without a region."""
    import boto3  # half a second, which most commands need not wait for

    with aws_errors():
        return boto3.client(service, region_name=region)  # type: ignore[call-overload]


class aws_errors:  # noqa: N801 (a context manager, named like a function)
    """What AWS refuses becomes Unreachable, with what it says."""

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        """Raises: Unreachable: in place of an error of botocore's."""
        from botocore.exceptions import BotoCoreError, ClientError

        if isinstance(error, BotoCoreError | ClientError):
            raise Unreachable(aws_says(error)) from None


def newest_last(rows: Iterable[Row]) -> list[Row]:
    """In the order in which they were written."""
    return sorted(rows, key=lambda row: str(row["@timestamp"]))
