"""A stand-in for CloudWatch Logs Insights: asks the saved questions of lines that lie here.

What it does not know of the language it refuses, so that no question is answered wrongly.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from local.insights_language import (
    BadQuery,
    Expression,
    Row,
    Words,
    arithmetic,
    condition,
    tokens_of,
)

Rows = list[dict[str, Any]]
_Command = Callable[[Rows], Rows]


def ask(query: str, lines: Iterable[Row]) -> Rows:
    """The answer to a query, as rows of named values in the order of their columns.

    Args:
        query: in Logs Insights' language: filter, fields, stats, sort, limit.
        lines: with `@timestamp` and `@message`, and the members of those that are JSON.

    Raises:
        BadQuery: see there.
    """
    words, rows = Words(tokens_of(query)), [dict(line) for line in lines]
    while True:
        word = words.take().text
        if word not in _COMMANDS:
            raise BadQuery(f"the command {word!r} is not known here")
        rows = _command(word, words)(rows)
        if not words.next:
            return rows
        words.expect("|")


def _command(word: str, words: Words) -> _Command:
    try:
        return _COMMANDS[word](words)
    except (re.error, ValueError) as error:
        raise BadQuery(f"{word}: {error}") from None


def _filter(words: Words) -> _Command:
    wanted = condition(words)
    return lambda rows: [row for row in rows if wanted(row)]


def _fields(words: Words) -> _Command:
    columns = dict([_column(words)])
    while words.skip(","):
        columns |= [_column(words)]
    return lambda rows: [{name: value(row) for name, value in columns.items()} for row in rows]


def _column(words: Words) -> tuple[str, Expression]:
    """A field, or the first that is there of several: `coalesce(a, b) as c`."""
    name = words.take().text
    if name != "coalesce":
        return name, lambda row: row.get(name)
    words.expect("(")
    fields = _names(words)
    words.expect(")")
    words.expect("as")
    return words.take().text, lambda row: next((row[f] for f in fields if row.get(f)), None)


def _names(words: Words) -> list[str]:
    names = [words.take().text]
    while words.skip(","):
        names.append(words.take().text)
    return names


def _sort(words: Words) -> _Command:
    name = words.take().text
    falling = not words.skip("asc") and words.skip("desc")

    def ordered(rows: Rows) -> Rows:
        there = [row for row in rows if row.get(name) is not None]
        there.sort(key=lambda row: row[name], reverse=falling)
        return there + [row for row in rows if row.get(name) is None]

    return ordered


def _limit(words: Words) -> _Command:
    most = int(words.take().text)
    return lambda rows: rows[:most]


def _stats(words: Words) -> _Command:
    columns: list[tuple[str, Callable[[Rows], Any]]] = []
    while True:
        value = _aggregate(words)
        words.expect("as")
        columns.append((words.take().text, value))
        if not words.skip(","):
            break
    by = _names(words) if words.skip("by") else []

    def grouped(rows: Rows) -> Rows:
        groups: dict[tuple[Any, ...], Rows] = {}
        for row in rows:
            groups.setdefault(tuple(row.get(name) for name in by), []).append(row)
        return [
            dict(zip(by, key, strict=True)) | {name: value(group) for name, value in columns}
            for key, group in groups.items()
        ]

    return grouped


def _aggregate(words: Words) -> Callable[[Rows], Any]:
    """An expression of aggregates, as `sum(a * b) / 1000`: each is a field of a row of its own."""
    calls: dict[str, Callable[[Rows], Any]] = {}

    def atom(words: Words) -> Expression:
        token = words.take()
        if token.kind == "number":
            number = float(token.text)
            return lambda _: number
        if token.text not in _AGGREGATES:
            raise BadQuery(f"the function {token.text!r} is not known here")
        name = str(len(calls))
        calls[name] = _call(_AGGREGATES[token.text], words)
        return lambda row: row[name]

    whole = arithmetic(words, atom)
    return lambda rows: whole({name: call(rows) for name, call in calls.items()})


_Aggregate = Callable[[Sequence[Any], Sequence[float]], Any]


def _call(function: _Aggregate, words: Words) -> Callable[[Rows], Any]:
    words.expect("(")
    argument: Expression = (lambda _: 1) if words.skip("*") else arithmetic(words)
    numbers: list[float] = []
    while words.skip(","):
        numbers.append(float(words.take().text))
    words.expect(")")

    def value(rows: Rows) -> Any:
        there = [found for row in rows if (found := argument(row)) is not None]
        return function(there, numbers)

    return value


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The value that so many of a hundred do not exceed (nearest rank); None of nothing."""
    if not values:
        return None
    rank = max(1, math.ceil(len(values) * percent / 100))
    return sorted(values)[rank - 1]


_AGGREGATES: Mapping[str, _Aggregate] = {
    "count": lambda values, _: len(values),
    "count_distinct": lambda values, _: len(set(values)),
    "sum": lambda values, _: sum(values) if values else None,
    "avg": lambda values, _: sum(values) / len(values) if values else None,
    "min": lambda values, _: min(values, default=None),
    "max": lambda values, _: max(values, default=None),
    "pct": lambda values, numbers: percentile(values, *numbers),
}
_COMMANDS: Mapping[str, Callable[[Words], _Command]] = {
    "fields": _fields,
    "filter": _filter,
    "limit": _limit,
    "sort": _sort,
    "stats": _stats,
}
