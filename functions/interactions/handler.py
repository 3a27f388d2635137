"""The front door's Lambda handler: API Gateway's events in and out, and the composition root.

It takes HTTP API (payload 2.0) and REST API (1.0) events alike. Everything here runs on a cold
start while Discord's 3 s tick, so it imports nothing that is slow (tests/functions/interactions/
test_import_budget.py holds the list).
"""

import json
import os
import sys
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from functions.catalog import CATALOG
from functions.interactions.commands.info import Deployment
from functions.interactions.gate import Gate
from functions.interactions.handover import Handover
from functions.interactions.pipeline import Answer, Pipeline
from functions.interactions.settings import Settings
from functions.interactions.verify import Verifier
from utilsbot.aws import AwsClient
from utilsbot.clock import Clock
from utilsbot.log import light_logger
from utilsbot.store.admissions import Admissions


def build(environment: Mapping[str, str], clock: Clock) -> Pipeline:
    """The pipeline of an environment.

    Raises:
        BadSettings: a variable is missing or wrong.
    """
    settings = Settings.from_env(environment)
    log = light_logger(environment.get("AWS_LAMBDA_FUNCTION_NAME", "front"), settings.log_level)
    admissions = Admissions(AwsClient("dynamodb", environment), settings.table, clock)
    gate = Gate(admissions, developers=settings.developers, closed_beta=settings.closed_beta)
    handover = Handover(AwsClient("sqs", environment), settings.queue_urls, clock)
    return Pipeline(
        verifier=Verifier(settings.public_keys, clock),
        catalog=CATALOG,
        gate=gate,
        handover=handover,
        ports={
            "deployment": _deployment(environment, clock.now()),
            "mention": lambda ctx, name: gate.mention(ctx.interaction, name),
            "probe_queues": handover.probe,
            "support_url": settings.support_url,
            "visible": lambda ctx: gate.visible(ctx.interaction, CATALOG),
        },
        clock=clock,
        log=log,
    )


def _deployment(environment: Mapping[str, str], now: float) -> Deployment:
    return Deployment(
        region=environment.get("AWS_REGION", "unknown"),
        python=sys.version.partition(" ")[0],
        architecture=os.uname().machine,
        memory_mb=environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", ""),
        started_at=now,
    )


def request_of(event: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    """Headers (names in lower case) and raw body of an API Gateway event of either form.

    A body that claims to be base64 and is not becomes empty, which no signature fits.
    """
    headers = {
        str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()
    }
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return headers, body.encode("utf-8", "surrogatepass")
    try:
        return headers, b64decode(body, validate=True)
    except ValueError:
        return headers, b""


def response_of(answer: Answer) -> dict[str, Any]:
    """The answer in the form that API Gateway takes from either kind of API."""
    return {
        "statusCode": answer.status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False),
        "isBase64Encoded": False,
    }


PIPELINE = build(os.environ, Clock())
_cold = True


def handle(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Lambda's entry point."""
    global _cold
    cold, _cold = _cold, False
    headers, body = request_of(event)
    request_id = getattr(context, "aws_request_id", None)
    return response_of(PIPELINE.answer(headers, body, request_id=request_id, cold=cold))
