"""JSON from outside as Python values that can go anywhere: into UTF-8, DynamoDB, SQS and logs.

Python's own reader takes more than that: NaN and Infinity, numbers that become infinite, nesting
that its own writer fails on, and halves of surrogate pairs, which no encoder takes afterwards
(RFC 8259 §6, §8.2, §9).
"""

import json
import math
from typing import Any, NoReturn

MAX_DEPTH = 64
"""Lists and objects inside one another; Discord's interactions stay under 20."""


def read_json(raw: bytes | str, max_depth: int = MAX_DEPTH) -> Any:
    """The value of a JSON text; halves of surrogate pairs become U+FFFD.

    Raises:
        ValueError: it is no JSON, no UTF-8, holds a number that is none, or is nested too deeply.
    """
    text = raw if isinstance(raw, str) else raw.decode()
    try:
        value = _READER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if text.count("[") + text.count("{") > max_depth:  # else it cannot be so deep
        _check_depth(value, max_depth)
    # An escape can make one, and a str can hold one; most bodies have neither.
    if "\\ud" in text or "\\uD" in text or (text is raw and not _is_whole(text)):
        value = _whole(value)
    return value


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number beyond all bounds")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_READER = json.JSONDecoder(parse_float=_finite, parse_constant=_refuse)


def _check_depth(value: Any, most: int) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(most):
        inner = [list(part.values()) if isinstance(part, dict) else part for part in level]
        level = [part for parts in inner for part in parts if isinstance(part, dict | list)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return (
            value
            if _is_whole(value)
            else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        )
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(part) for name, part in value.items()}
    return value
