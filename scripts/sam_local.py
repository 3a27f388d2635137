"""What `sam local` needs beside a container engine: AWS, Discord, fresh events and an env file.

`make sam-local` runs it: moto with the template's resources, and stand-ins that take every answer
and print it, all on loopback; and in .aws-sam/sam-local the events, env.json and the copy of the
built template that docs/sam-local.md uses. It stays until Ctrl-C.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local import ROOT
from local.aws import LocalAws, Made
from local.discord.world import USERS
from local.moto_server import moto_server
from local.services import services
from local.serving import LoopbackServer, loopback_socket
from local.template import read_template
from scripts import sample_events

FOLDER = ROOT / ".aws-sam" / "sam-local"
BUILT = ROOT / ".aws-sam" / "build" / "template.yaml"
TEMPLATE = ROOT / "infra" / "template.yaml"
_METHODS = ["GET", "PATCH", "POST"]


async def _discord(request: Request) -> JSONResponse:
    """Discord's API, which takes everything and shows it."""
    content = (await request.body()).decode("utf-8", "replace")
    sys.stdout.write(f"{request.method} {request.url.path[-24:]} {content[:2000]}\n")
    sys.stdout.flush()
    return JSONResponse({"id": "1", "attachments": [], "content": "", "embeds": []})


def environment(made: Made, variables: Mapping[str, Mapping[str, str]], aws: str) -> dict[str, Any]:
    """env.json: every function's variables, with AWS at the given address.

    Args:
        made: what the template became there.
        variables: further ones by function.
        aws: the address.
    """
    return {
        function.name: {
            **function.environment,
            **variables.get(function.name, {}),
            "AWS_ENDPOINT_URL": aws,
        }
        for function in made.functions
    }


def declared(template: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """The built template with every variable of env.json declared.

    `sam local` passes on only what the template names (samcli.local.lambdafn.env_vars), and no
    template of ours names AWS's address.
    """
    for name, values in variables.items():
        properties = template["Resources"][name]["Properties"]
        known = properties.setdefault("Environment", {}).setdefault("Variables", {})
        known |= {variable: "" for variable in values if variable not in known}
    return template


class SamLocal:
    """The servers, and what is written for `sam local`."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: where the events and env.json go."""
        self._folder = folder
        self._moto = moto_server()
        self.aws_url = f"http://127.0.0.1:{self._moto.server_port}"
        bound = loopback_socket()
        self._url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        self._outside = services(self._url, {})
        discord = Route("/api/{path:path}", _discord, methods=_METHODS)
        self._world = LoopbackServer(Starlette(routes=[discord, *self._outside.routes]), bound)
        self.env: dict[str, Any] = {}

    async def start(self) -> None:
        """Everything answers and is written when it returns."""
        threading.Thread(target=self._moto.serve_forever, daemon=True).start()
        await self._world.start()
        aws = LocalAws(self.aws_url, "utilsbot-sam-local")
        await asyncio.to_thread(aws.keep, self._outside.secrets)
        parameters = {
            **self._outside.parameters,
            "DeveloperIds": USERS[0].id,
            "DiscordApiUrl": f"{self._url}/api/v10",
            "DiscordPublicKey": sample_events.public_key(),
        }
        made = await asyncio.to_thread(aws.create, read_template(TEMPLATE), parameters)
        self.env = environment(made, self._outside.variables, self.aws_url)
        self.write()

    async def stop(self) -> None:
        """Closes both ports."""
        await self._world.stop()
        self._moto.shutdown()
        self._moto.server_close()

    def write(self) -> None:
        """Writes env.json and fresh events: a signature is good for five minutes."""
        sample_events.write(self._folder, time.time())
        (self._folder / "env.json").write_text(json.dumps(self.env, indent=2) + "\n")


async def main() -> None:
    """Serves until Ctrl-C; the events are made anew every minute."""
    local = SamLocal(FOLDER)
    await local.start()
    if BUILT.exists():
        built = yaml.safe_load(BUILT.read_text(encoding="utf-8"))
        text = yaml.safe_dump(declared(built, local.env), sort_keys=False)
        BUILT.with_name("sam-local.yaml").write_text(text, encoding="utf-8")
    else:
        sys.stdout.write("There is no build yet: run `make build` and start this again.\n")
    sys.stdout.write(f"AWS at {local.aws_url}; events and env.json in {FOLDER.relative_to(ROOT)}\n")
    sys.stdout.flush()
    try:
        while True:
            await asyncio.sleep(60)
            local.write()
    finally:
        await local.stop()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        sys.exit(0)
