"""What travels between the system group and the sandbox, as JSON: a program in, an outcome out."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from functions.sandbox.folder import is_plain
from functions.sandbox.runner import Outcome, Program

MAX_TIMEOUT_S = 20
_MAX_CODE = 200_000


class BadRequest(ValueError):
    """No program that the system group would send."""


def program_of(event: Mapping[str, Any]) -> Program:
    """The program of an event.

    Raises:
        BadRequest: a part is missing, of another type, or beyond its limits.
    """
    try:
        files = {str(name): b64decode(text, validate=True) for name, text in event["files"].items()}
        program = Program(str(event["code"]), str(event["stdin"]), files, int(event["timeout_s"]))
        for text in (program.code, program.stdin, *files):
            text.encode()  # half of a surrogate pair fits into no file and no file's name
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadRequest(type(error).__name__) from None
    if not 1 <= program.timeout_s <= MAX_TIMEOUT_S or len(program.code) > _MAX_CODE:
        raise BadRequest("beyond its limits")
    if not all(map(is_plain, files)):
        raise BadRequest("a file's name")
    return program


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON."""
    files = {name: b64encode(content).decode() for name, content in outcome.files.items()}
    return outcome._asdict() | {"files": files, "protections": list(outcome.protections)}
