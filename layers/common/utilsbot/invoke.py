"""Calls a command's function with its arguments and the ports that it asks for by name."""

from collections.abc import Mapping
from types import FunctionType
from typing import Any, cast

from utilsbot.context import Context
from utilsbot.errors import UnknownCommand
from utilsbot.routing import Call


def invoke(call: Call, context: Context, ports: Mapping[str, Any]) -> Any:
    """What the function of a call answers.

    Args:
        call: which function, and its arguments.
        context: its first argument.
        ports: adapters by parameter name; only those that the function names are passed.

    Raises:
        UnknownCommand: a custom id carries another number of arguments than this version takes.
    """
    function = cast("FunctionType", call.command.function(call.function))
    code = function.__code__
    positional = code.co_varnames[: code.co_argcount]
    keywords = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
    wanted = {name: ports[name] for name in (*positional, *keywords) if name in ports}
    most = len(positional) - 1
    least = most - len(function.__defaults__ or ())
    if call.action and not least <= len(call.arguments) <= most:
        raise UnknownCommand
    return function(context, *call.arguments, **{**wanted, **call.options})
