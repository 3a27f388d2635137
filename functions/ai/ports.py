"""The adapters that this group's commands are given, by the names of their parameters."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from functions.ai.assistant import Assistant
from functions.ai.assistant import Limits as QuestionLimits
from functions.ai.settings import AiSettings
from functions.ai.spending import Limits, Spending
from utilsbot import settings as s
from utilsbot.log_structured import structured_logger
from utilsbot.runtime import Parts
from utilsbot.secrets import SecretReader
from utilsbot.settings import Secret
from utilsbot.store.allowances import Allowances
from utilsbot.store.chats import Chats
from utilsbot.store.reloading_secrets import reloading_secrets
from utilsbot.store.usage import UsageReader


def build_ports(parts: Parts, secrets: SecretReader | None = None) -> dict[str, object]:
    """Every port of the group; without a key only those that say so.

    Args:
        parts: what the worker shares.
        secrets: by default Parameter Store, which /reload makes fresh.

    Raises:
        BadSettings: naming every variable that is wrong.
    """
    settings = AiSettings.from_env(parts.environment)
    if not settings.configured:
        return {"ai": None, "chats": None, "files": parts, "spending": None}
    secrets = secrets or reloading_secrets(parts.dynamodb, parts.table, parts.clock)
    allowances = Allowances(
        parts.dynamodb, parts.table, now=parts.clock.now, sleep=parts.clock.sleep
    )
    spending = Spending(
        allowances,
        UsageReader(parts.dynamodb, parts.table),
        Limits(settings.user_limit, settings.guild_limit, settings.total_limit),
    )
    return {
        "ai": _assistant(settings, spending, parts, secrets),
        "chats": _chats(settings, parts, secrets) if settings.remembers else None,
        "files": parts,
        "spending": spending,
    }


def _assistant(
    settings: AiSettings, spending: Spending, parts: Parts, secrets: SecretReader
) -> Assistant:
    with _no_garbage():
        from functions.ai.gemini import GeminiModels, Tuning  # half a second: not without a key

    environment = parts.environment
    return Assistant(
        GeminiModels(
            _secret(settings.key, settings.key_parameter, secrets),
            base_url=settings.url,
            tuning=Tuning(
                temperature=settings.temperature,
                max_output_tokens=settings.max_output_tokens,
                thinking=settings.thinking,
                safety=settings.safety,
                stall_s=settings.stall_s,
            ),
            monotonic=parts.clock.monotonic,
        ),
        settings.models,
        spending=spending,
        limits=QuestionLimits(
            settings.max_input_tokens, settings.max_output_tokens, settings.total_s
        ),
        instruction=settings.instruction,
        clock=parts.clock,
        log=structured_logger(
            environment.get("AWS_LAMBDA_FUNCTION_NAME", "functions.ai"),
            environment.get(s.LOG_LEVEL.name) or "INFO",
        ),
    )


def _chats(settings: AiSettings, parts: Parts, secrets: SecretReader) -> Chats:
    from utilsbot.sealing import XChaChaSeal

    return Chats(
        parts.dynamodb,
        parts.table,
        XChaChaSeal(_secret(settings.chat_key, settings.chat_key_parameter, secrets)),
        now=parts.clock.now,
        life_s=settings.memory_s,
        max_tokens=settings.memory_tokens,
    )


def _secret(given: Secret, parameter: str, secrets: SecretReader) -> Callable[[], Secret]:
    """Reads a secret when it is needed: the one that is given, or the parameter's."""
    if given.reveal():
        return lambda: given
    return lambda: secrets.read(parameter)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Imports leave no garbage but make the collector look for it, at a tenth of their cost.

    What they made is not looked at again afterwards either (docs/ai.md has the figures).
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
