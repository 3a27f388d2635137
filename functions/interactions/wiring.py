"""Puts the front door together."""

import os
import sys
from collections.abc import Mapping

from functions.catalog import CATALOG
from functions.interactions.commands.info import Deployment
from functions.interactions.gate import Gate
from functions.interactions.handover import Handover
from functions.interactions.pipeline import Pipeline
from functions.interactions.settings import Settings
from functions.interactions.verify import Verifier
from utilsbot.aws import AwsClient
from utilsbot.canonical import canonical_logger
from utilsbot.clock import Clock, Deadline
from utilsbot.log import Logger, light_logger
from utilsbot.store.admissions import Admissions


def build(environment: Mapping[str, str], clock: Clock) -> Pipeline:
    """The pipeline of an environment.

    Raises:
        BadSettings: a variable is missing or wrong.
    """
    settings = Settings.from_env(environment)
    deadline = Deadline(clock.monotonic)
    store = AwsClient("dynamodb", environment, deadline=deadline)
    admissions = Admissions(store, settings.table, clock)
    gate = Gate(
        admissions,
        developers=settings.developers,
        closed_beta=settings.closed_beta,
        features=settings.features,
    )
    handover = Handover(
        AwsClient("sqs", environment, deadline=deadline),
        settings.queue_urls,
        clock,
        trace=lambda: environment.get("_X_AMZN_TRACE_ID", ""),
    )
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
        deadline=deadline,
        log=_logger(environment, settings, clock),
    )


def _logger(environment: Mapping[str, str], settings: Settings, clock: Clock) -> Logger:
    function = environment.get("AWS_LAMBDA_FUNCTION_NAME", "interactions")
    light = light_logger(function, settings.log_level, now=clock.now)
    return canonical_logger(light, settings.metrics, environment, clock.now)


def _deployment(environment: Mapping[str, str], now: float) -> Deployment:
    return Deployment(
        region=environment.get("AWS_REGION", "unknown"),
        python=sys.version.partition(" ")[0],
        architecture=os.uname().machine,
        memory_mb=environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", ""),
        started_at=now,
    )
