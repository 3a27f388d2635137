"""The part of CloudWatch Logs Insights' language that our questions use: reading it.

Source: Amazon CloudWatch Logs User Guide, "CloudWatch Logs Insights language query syntax".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Row = Mapping[str, Any]
Expression = Callable[[Row], Any]
"""Gives a value for a log line; None where a field of it is missing."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"[^"]*"|'[^']*')
      | (?P<regex>(?<=like\ )/(?:[^/\\]|\\.)+/)
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[@A-Za-z_][\w.@]*)
      | (?P<sign>!=|<=|>=|[=<>()\[\],+\-*/|])
    )""",
    re.VERBOSE,
)


class BadQuery(ValueError):
    """Not a query, or one that uses more of the language than is known here."""


class Token(NamedTuple):
    """A word of a query."""

    kind: str
    text: str


def tokens_of(query: str) -> list[Token]:
    """The words of a query.

    Raises:
        BadQuery: there is something else in it.
    """
    found: list[Token] = []
    position, end = 0, len(query.rstrip())
    while position < end:
        match = _TOKEN.match(query, position)
        if match is None or match.lastgroup is None:
            raise BadQuery(f"what is {query[position : position + 20]!r}?")
        found.append(Token(match.lastgroup, match[match.lastgroup]))
        position = match.end()
    return found


class Words:
    """A query's words, read from the left."""

    def __init__(self, tokens: list[Token]) -> None:
        """Args: tokens: of tokens_of."""
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> str:
        """The next word in lower case, without taking it; "" at the end."""
        return self._tokens[self._at].text.lower() if self._at < len(self._tokens) else ""

    def take(self) -> Token:
        """The next word. Raises: BadQuery: there is none."""
        if self._at == len(self._tokens):
            raise BadQuery("the query ends too soon")
        self._at += 1
        return self._tokens[self._at - 1]

    def skip(self, *words: str) -> bool:
        """Takes the next word if it is one of these."""
        if self.next in words:
            self._at += 1
            return True
        return False

    def expect(self, word: str) -> None:
        """Takes this word. Raises: BadQuery: it is another."""
        if not self.skip(word):
            raise BadQuery(f"{word!r} is expected before {self.next!r}")


def condition(words: Words) -> Expression:
    """What follows `filter`."""
    parts = [_conjunction(words)]
    while words.skip("or"):
        parts.append(_conjunction(words))
    return lambda row: any(part(row) for part in parts)


def _conjunction(words: Words) -> Expression:
    parts = [_comparison(words)]
    while words.skip("and"):
        parts.append(_comparison(words))
    return lambda row: all(part(row) for part in parts)


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _comparison(words: Words) -> Expression:
    if words.skip("not"):
        inner = _comparison(words)
        return lambda row: not inner(row)
    if words.skip("("):
        inside = condition(words)
        words.expect(")")
        return inside
    left = arithmetic(words)
    if words.skip("like"):
        pattern = re.compile(_pattern(words.take()))
        return lambda row: bool(pattern.search(str(left(row) or "")))
    if words.skip("in"):
        allowed = _list(words)
        return lambda row: left(row) in allowed
    if words.next in _COMPARE:
        compare = _COMPARE[words.take().text]
        right = arithmetic(words)
        return lambda row: _compared(compare, left(row), right(row))
    return left


def _compared(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """A missing field is neither equal nor unequal to anything; nor is a text to a number."""
    if left is None or right is None or isinstance(left, str) != isinstance(right, str):
        return False
    return compare(left, right)


def _pattern(token: Token) -> str:
    text = token.text[1:-1]
    return text if token.kind == "regex" else re.escape(text)


def _list(words: Words) -> list[str]:
    words.expect("[")
    values = [words.take().text[1:-1]]
    while words.skip(","):
        values.append(words.take().text[1:-1])
    words.expect("]")
    return values


def arithmetic(words: Words, atom: Callable[[Words], Expression] | None = None) -> Expression:
    """Fields and numbers with + - * /; `atom` reads what else may stand there."""
    value = _product(words, atom or _atom)
    while words.next in {"+", "-"}:
        sign = words.take().text
        value = _combined(sign, value, _product(words, atom or _atom))
    return value


def _product(words: Words, atom: Callable[[Words], Expression]) -> Expression:
    value = atom(words)
    while words.next in {"*", "/"}:
        sign = words.take().text
        value = _combined(sign, value, atom(words))
    return value


def _combined(sign: str, left: Expression, right: Expression) -> Expression:
    def value(row: Row) -> Any:
        a, b = left(row), right(row)
        if not isinstance(a, int | float) or not isinstance(b, int | float):
            return None
        if sign == "/":
            return a / b if b else None
        return {"+": a + b, "-": a - b, "*": a * b}[sign]

    return value


def _atom(words: Words) -> Expression:
    token = words.take()
    if token.kind == "number":
        number = float(token.text)
        return lambda _: number
    if token.kind == "string":
        return lambda _: token.text[1:-1]
    if token.kind != "name":
        raise BadQuery(f"a field or a number is expected, not {token.text!r}")
    if token.text == "ispresent":
        words.expect("(")
        field = words.take().text
        words.expect(")")
        return lambda row: row.get(field) is not None
    return lambda row: row.get(token.text)
