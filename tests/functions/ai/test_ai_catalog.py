"""The group as Discord, the front door and the operator see it, before it is in the catalog."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.ai.gemini import GeminiModels, Tuning
from functions.ai.model import Failure, Message, ModelFailed, Prompt
from functions.ai.settings import AiSettings
from tests.contract.discord_schema import assert_registration
from tests.functions.ai.house import CATALOG, ServedStandIn
from utilsbot.discord.registration import registration
from utilsbot.settings import BadSettings, Secret

_ROOT = Path(__file__).parents[3]
_SLOW = {"boto3", "botocore", "google", "httpx", "nacl", "pydantic", "dataclasses", "inspect"}
_SCRIPT = """
import json, sys
from utilsbot.catalog import Catalog
for command in Catalog("functions.ai"):
    pass
print(json.dumps(sorted(sys.modules)))
"""


def test_discord_takes_the_registration() -> None:
    """Three slash commands and two message commands, within every limit."""
    body = registration(command.spec for command in CATALOG)

    assert_registration(body)
    assert sorted(command["type"] for command in body) == [1, 1, 1, 3, 3]


def test_no_command_module_imports_anything_slow() -> None:
    """The front door imports them all: neither the SDK nor boto3 nor PyNaCl comes along."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT],
        env={"PYTHONPATH": f"{_ROOT}:{_ROOT / 'layers/common'}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert not {module.partition(".")[0] for module in json.loads(done.stdout)} & _SLOW


def test_every_command_needs_ai() -> None:
    """Each says what it requires, so that /help can hide it, and each explains itself."""
    for command in CATALOG:
        assert command.spec.requires == ("ai",)
        assert command.spec.help
        assert command.spec.examples


def _models(url: str, key: str = "stand-in") -> GeminiModels:
    return GeminiModels(lambda: Secret(key), base_url=url, tuning=Tuning(stall_s=2))


def test_the_doctor_can_tell_a_models_name(gemini: ServedStandIn) -> None:
    """A model that exists has no problem; one that does not, and a bad key, are named."""
    for name, key, problem in (
        ("gemini-flash-latest", "stand-in", ""),
        ("gemini-1.5-flash", "stand-in", "unknown_model"),
        ("gemini-flash-latest", "invalid", "bad_key"),
    ):
        models = _models(gemini.url, key)
        assert models.problem_with(name) == problem
        models.close()


def test_the_doctor_can_list_models(gemini: ServedStandIn) -> None:
    """Those that generate text, without their prefix; a bad key says so."""
    models = _models(gemini.url)
    assert "gemini-3.5-flash-lite" in models.names()
    models.close()

    refused = _models(gemini.url, "invalid")
    with pytest.raises(ModelFailed) as caught:
        refused.names()
    assert caught.value.failure is Failure.BAD_KEY
    refused.close()


def test_a_renewed_key_is_used(gemini: ServedStandIn) -> None:
    """The key is asked for at every call, and a new one makes a new client."""
    keys = iter([Secret("invalid"), Secret("stand-in")])
    models = GeminiModels(lambda: next(keys), base_url=gemini.url, tuning=Tuning())

    assert models.problem_with("gemini-flash-latest") == "bad_key"
    assert models.problem_with("gemini-flash-latest") == ""
    models.close()


def test_the_defaults_are_an_alias_and_a_fallback() -> None:
    """Without any setting: no key, a moving alias first, a model of the 3.x line behind it."""
    settings = AiSettings.from_env({})

    assert settings.models == ("gemini-flash-latest", "gemini-3.5-flash-lite")
    assert not settings.configured
    assert settings.stall_s <= settings.total_s


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AI_TEMPERATURE", "hot"),
        ("AI_TEMPERATURE", "2.1"),
        ("AI_TEMPERATURE", "nan"),
        ("AI_SAFETY", "off"),
        ("AI_THINKING", "hard"),
        ("AI_USER_TOKENS", "-1"),
        ("GEMINI_URL", "ftp://x"),
        ("GEMINI_MODELS", " , "),
    ],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    """The error names the variable and what it should be."""
    with pytest.raises(BadSettings, match=name):
        AiSettings.from_env({name: value})


def test_thinking_can_be_left_to_the_model(gemini: ServedStandIn) -> None:
    """`default` sends no thinking level, for models that know none."""
    settings = AiSettings.from_env({"AI_THINKING": "default"})
    models = GeminiModels(
        lambda: Secret("stand-in"), base_url=gemini.url, tuning=Tuning(thinking=settings.thinking)
    )
    list(models.stream("gemini-flash-latest", Prompt("", (Message(False, ("Hi",)),)), total_s=5))
    models.close()

    assert "thinkingConfig" not in gemini.standin.requests[0]["body"]["generationConfig"]
