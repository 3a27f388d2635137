"""`utilsbot doctor`: checks what a deployment needs, and says what to do about what it finds."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import click
import httpx

from cli.log_sources import Unreachable
from cli.secrets import PREFIX, SECRETS, Keeper, NoValue, fix
from cli.target import Target, Where, where_options

if TYPE_CHECKING:
    from functions.ai.gemini import GeminiModels

_TIMEOUT_S = 15


class Finding(NamedTuple):
    """What one check says."""

    subject: str
    good: bool | None
    """None: not checked."""
    says: str


def check_models(key: str, models: str, base_url: str) -> Iterator[Finding]:
    """Whether each configured Gemini model exists and can write."""
    from functions.ai.gemini import GeminiModels, Tuning
    from utilsbot.settings import Secret

    gemini = GeminiModels(lambda: Secret(key), base_url=base_url, tuning=Tuning())
    with closing(gemini):
        for model in (name.strip() for name in models.split(",") if name.strip()):
            problem = gemini.problem_with(model)
            says = f"{problem}; {_known(gemini)}" if problem else "exists and can write"
            yield Finding(f"model {model}", not problem, says)


def _known(gemini: "GeminiModels") -> str:
    """What could be configured instead."""
    from functions.ai.model import ModelFailed

    try:
        return f"models that this key may use: {', '.join(gemini.names()) or 'none'}"
    except ModelFailed:
        return "Google does not say which models this key may use"


def check_endpoint(url: str) -> Iterator[Finding]:
    """Whether the interactions endpoint refuses what Discord did not sign, as Discord demands."""
    try:
        status = httpx.post(url, json={"type": 1}, timeout=_TIMEOUT_S).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        yield Finding("endpoint", False, f"does not answer ({type(error).__name__})")
        return
    good = status == 401
    says = "refuses unsigned requests" if good else f"answers {status} to an unsigned request"
    yield Finding("endpoint", good, says if good else f"{says}; it should be 401: see its log")


def check_token(token: str, api: str) -> Iterator[Finding]:
    """Whether Discord takes the bot token."""
    headers = {"Authorization": f"Bot {token}"}
    try:
        response = httpx.get(f"{api}/applications/@me", headers=headers, timeout=_TIMEOUT_S)
    except httpx.HTTPError as error:
        yield Finding("bot token", False, f"Discord does not answer ({type(error).__name__})")
        return
    if response.status_code == 200:
        yield Finding("bot token", True, f"of the application {response.json().get('id')}")
    else:
        advice = "reset it in the developer portal, under Bot"
        yield Finding("bot token", False, f"Discord answers {response.status_code}; {advice}")


@click.command()
@click.option("--endpoint", metavar="URL", help="The deployment's InteractionsUrl.")
@click.option("--fix", "fixes", is_flag=True, help="Make the missing secrets in Parameter Store.")
@click.option("--rotate", type=click.Choice([*SECRETS]), help="Replace one secret there.")
@click.option(
    "--prefix",
    default=PREFIX,
    show_default=True,
    help="Of the parameters' names, where the stack names none.",
)
@where_options("stack", "region")
def doctor(
    endpoint: str | None, fixes: bool, rotate: str | None, prefix: str, where: Where
) -> None:
    """Check keys, models and the endpoint; exit 1 if something is wrong.

    Reads GEMINI_KEY, GEMINI_MODELS, GEMINI_URL, DISCORD_BOT_TOKEN and DISCORD_API_URL; what is not
    given is not checked, and said so. With --stack its endpoint, its models and the names of its
    secrets are the stack's.

    --fix and --rotate take a secret from GEMINI_KEY, DISCORD_BOT_TOKEN, SCREENSHOTONE_KEY or
    APIFLASH_KEY, else they ask for it without showing it, or read a line of standard input. Keys
    that nobody has to know are made at random. Nothing is printed, and no deployment is needed.
    """
    findings: list[Finding] = []
    stack = Target(where) if where.stack else None
    try:
        if fixes or rotate:
            named = stack.parameters if stack else None
            keeper = Keeper(prefix, os.environ, named=named, region=where.region)
            findings += _kept(keeper, rotate, fixes=fixes)
    except Unreachable as error:
        raise click.ClickException(str(error)) from None
    if not rotate:
        endpoint = endpoint or (stack.outputs.get("InteractionsUrl") if stack else None)
        models = stack.parameters.get("GeminiModels") if stack else None
        findings += _findings(endpoint, models, lambda name: os.environ.get(name, "").strip())
    for finding in findings:
        mark = {True: "ok     ", False: "WRONG  ", None: "skipped"}[finding.good]
        click.echo(f"{mark}  {finding.subject}: {finding.says}")
    if any(finding.good is False for finding in findings):
        raise SystemExit(1)


def _kept(keeper: Keeper, rotate: str | None, *, fixes: bool) -> Iterator[Finding]:
    """What became of the secrets in Parameter Store."""
    if rotate:
        kept = SECRETS[rotate]
        if not keeper.is_used(kept):
            says = f"the stack has no {kept.parameter}: make it with --fix, then deploy with it"
            yield Finding(kept.name, False, says)
            return
        try:
            keeper.rotate(kept)
        except NoValue:
            yield Finding(keeper.name_of(kept), False, f"no value: set {kept.variable} or type it")
            return
        says = "rotated; warm functions take it within five minutes, at once after /reload"
        yield Finding(keeper.name_of(kept), True, says)
    if fixes:
        yield from (Finding(*found) for found in fix(keeper))


def _findings(
    endpoint: str | None, models: str | None, given: Callable[[str], str]
) -> Iterator[Finding]:
    from functions.ai import settings as ai
    from utilsbot.settings import DISCORD_API

    if key := given("GEMINI_KEY"):
        models = given("GEMINI_MODELS") or models or ",".join(ai.MODELS.default or ())
        yield from check_models(key, models, given("GEMINI_URL") or str(ai.URL.default))
    else:
        yield Finding("models", None, "set GEMINI_KEY to check that the configured models exist")
    if token := given("DISCORD_BOT_TOKEN"):
        yield from check_token(token, given("DISCORD_API_URL") or str(DISCORD_API.default))
    else:
        yield Finding("bot token", None, "set DISCORD_BOT_TOKEN to check it")
    if endpoint:
        yield from check_endpoint(endpoint)
    else:
        yield Finding("endpoint", None, "give --endpoint to check the deployment's")
