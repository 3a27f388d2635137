"""The secrets of a deployment in SSM Parameter Store: made, kept and rotated, never shown.

A value comes from the environment, a hidden prompt or standard input, or is random; it is never an
argument, because other users of a machine see those, and never printed.
"""

import base64
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import click

from cli.log_sources import aws_client, aws_errors

PREFIX = "/utilsbot"


class Kept(NamedTuple):
    """A secret that a deployment may have."""

    name: str
    """The last part of its parameter's name."""
    parameter: str
    """The template's parameter that takes the parameter's name."""
    purpose: str
    variable: str = ""
    """The environment variable that may hold it; empty: it is made here."""
    make: Callable[[], str] | None = None
    joins: bool = False
    """Whether the old value stays valid behind the new one, for what it has sealed."""


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


SECRETS = {
    kept.name: kept
    for kept in (
        Kept("gemini-key", "GeminiKeyParameter", "Google's AI", "GEMINI_KEY"),
        Kept("bot-token", "BotTokenParameter", "/sync and /guilds", "DISCORD_BOT_TOKEN"),
        Kept("screenshotone-key", "ScreenshotOneKeyParameter", "/screenshot", "SCREENSHOTONE_KEY"),
        Kept("apiflash-key", "ApiflashKeyParameter", "/screenshot's second choice", "APIFLASH_KEY"),
        Kept("chat-key", "ChatKeyParameter", "sealing conversations", make=_key, joins=True),
        Kept("failed-key", "FailedKeyParameter", "sealing failed commands", make=_key, joins=True),
        Kept(
            "daily-word",
            "DailyWordParameter",
            "the order of the daily words",
            make=lambda: secrets.token_hex(32),
        ),
    )
}


class NoValue(Exception):
    """A secret that nobody gave."""


class Keeper:
    """Writes SecureStrings, and reads of them only whether they are there."""

    def __init__(
        self,
        prefix: str,
        environment: Mapping[str, str],
        *,
        named: Mapping[str, str] | None = None,
        region: str | None = None,
    ) -> None:
        """Args: prefix: of the parameters' names, as `/utilsbot`. environment: os.environ.

        `named` are a stack's parameters: where they name a secret, that name counts.
        """
        self._prefix = prefix.rstrip("/")
        self._environment = environment
        self._named = named
        self._client: Any = aws_client("ssm", region)

    def name_of(self, kept: Kept) -> str:
        """The parameter's whole name."""
        return (self._named or {}).get(kept.parameter) or f"{self._prefix}/{kept.name}"

    def is_used(self, kept: Kept) -> bool:
        """Whether the stack reads it; True of no stack."""
        return self._named is None or bool(self._named.get(kept.parameter))

    def kind(self, kept: Kept) -> str | None:
        """The parameter's type; None where there is none.

        Raises:
            Unreachable: AWS refused or did not answer.
        """
        with aws_errors():
            try:
                found = self._client.get_parameter(Name=self.name_of(kept))
            except self._client.exceptions.ParameterNotFound:
                return None
        return str(found["Parameter"]["Type"])

    def create(self, kept: Kept) -> None:
        """Makes a missing secret.

        Raises:
            NoValue: nobody gave it.
            Unreachable: AWS refused or did not answer.
        """
        self._put(kept, self._value(kept))

    def rotate(self, kept: Kept) -> None:
        """Replaces a secret; the functions take the new one within five minutes, or by /reload.

        Raises:
            NoValue: nobody gave it.
            Unreachable: AWS refused or did not answer.
        """
        value = self._value(kept)
        if kept.joins and self.kind(kept):
            with aws_errors():
                answer = self._client.get_parameter(Name=self.name_of(kept), WithDecryption=True)
            value = f"{value},{answer['Parameter']['Value'].partition(',')[0]}"
        self._put(kept, value, overwrite=True)

    def _put(self, kept: Kept, value: str, *, overwrite: bool = False) -> None:
        with aws_errors():
            self._client.put_parameter(
                Name=self.name_of(kept),
                Description=f"UtilsBot+: {kept.purpose}",
                Type="SecureString",
                Value=value,
                Overwrite=overwrite,
            )

    def _value(self, kept: Kept) -> str:
        if kept.make:
            return kept.make()
        given = self._environment.get(kept.variable, "").strip() or self._asked(kept)
        if not given or len(given.split()) != 1:
            raise NoValue(kept.variable)
        return given

    def _asked(self, kept: Kept) -> str:
        """Hidden at a terminal, else the next line of standard input."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().strip()
        text = f"{kept.name} ({kept.purpose}; Enter leaves it out)"
        return str(click.prompt(text, default="", hide_input=True, show_default=False)).strip()


def fix(keeper: Keeper) -> Iterator[tuple[str, bool | None, str]]:
    """Makes every secret that is missing; what was found or done, as cli.doctor's findings.

    Raises:
        Unreachable: AWS refused or did not answer.
    """
    for kept in SECRETS.values():
        name, kind = keeper.name_of(kept), keeper.kind(kept)
        if kind is not None:
            says = "is there" if kind == "SecureString" else f"is a {kind} and no SecureString"
            yield name, kind == "SecureString", says
            continue
        try:
            keeper.create(kept)
        except NoValue:
            yield name, None, f"for {kept.purpose}: left out; {kept.variable} may hold it"
            continue
        yield name, True, f"made; deploy with {kept.parameter}={name}"
