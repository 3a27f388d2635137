"""Shorter clocks, so that a run with faults need not wait for minutes: `--visibility SECONDS`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.options import LEASE_S
from local.template import Stack


def with_visibility(stack: Stack, seconds: int) -> Stack:
    """The same stack, every message hidden for so many seconds at the most.

    The functions' time-outs shrink with it, so that a claim ends before its message comes back.
    """
    resources = {name: _queue(r, seconds) for name, r in stack.body["Resources"].items()}
    most = seconds - LEASE_S
    functions = {
        name: {**spec, "timeout_s": min(float(spec["timeout_s"]), most)}
        for name, spec in stack.values["functions"].items()
    }
    return replace(
        stack,
        body={**stack.body, "Resources": resources},
        values={**stack.values, "functions": functions},
    )


def _queue(resource: Mapping[str, Any], seconds: int) -> Mapping[str, Any]:
    if resource["Type"] != "AWS::SQS::Queue":
        return resource
    properties = resource.get("Properties", {})
    timeout = min(int(properties.get("VisibilityTimeout", 30)), seconds)
    return {**resource, "Properties": {**properties, "VisibilityTimeout": timeout}}
