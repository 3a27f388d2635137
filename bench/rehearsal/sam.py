"""The real SAM CLI, as an operator runs it."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from local import ROOT

SAM = ROOT / ".tools" / "sam" / "bin" / "sam"
STACK = "utilsbot-rehearsal"
_LAST_LINES = 40


class SamFailed(Exception):
    """A command of the SAM CLI ended with an error; the message is its last lines."""


class Sam:
    """Runs `sam`, with AWS at an endpoint and nothing of the developer's account."""

    def __init__(self, folder: Path, aws: Mapping[str, str]) -> None:
        """Args: folder: for its files and log. aws: the variables that boto3 reads."""
        self._folder = folder
        hidden = ("AWS_", "MAKE", "PYTHON", "VIRTUAL_ENV")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(hidden)},
            "SAM_CLI_TELEMETRY": "0",
            # No profile of the developer's: nothing here may reach a real account.
            "AWS_CONFIG_FILE": str(folder / "no-config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no-credentials"),
            **aws,
        }

    async def build(self, source: Path, build: Path, target: Mapping[str, str]) -> None:
        """`sam build` of a tree, with the parameters that choose what it is built for.

        Raises:
            SamFailed: see there.
        """
        chosen = " ".join(f"{name}={value}" for name, value in target.items())
        await self._run("build", "--build-dir", build, "--parameter-overrides", chosen, cwd=source)

    async def deploy(self, template: Path, parameters: Mapping[str, str]) -> None:
        """`sam deploy` of a built template.

        Raises:
            SamFailed: see there.
        """
        given = [f"{name}={value}" for name, value in parameters.items()]
        await self._run(
            *("deploy", "--template-file", template, "--stack-name", STACK),
            *("--resolve-s3", "--capabilities", "CAPABILITY_IAM"),
            *("--no-confirm-changeset", "--no-progressbar", "--parameter-overrides", *given),
            cwd=template.parent,
        )

    async def delete(self) -> None:
        """`sam delete`, which asks nothing.

        Raises:
            SamFailed: see there.
        """
        await self._run(
            "delete", "--stack-name", STACK, "--no-prompts", "--region", "us-east-1", cwd=ROOT
        )

    async def _run(self, *arguments: str | Path, cwd: Path) -> None:
        log = self._folder / f"sam-{arguments[0]}.log"
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *(str(SAM), *map(str, arguments)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                env=self._environment,
                cwd=cwd,
            )
            try:
                status = await process.wait()
            except asyncio.CancelledError:
                process.terminate()
                await process.wait()
                raise
        if status:
            lines = log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
            raise SamFailed(f"sam {arguments[0]} ended with {status}:\n" + "\n".join(lines))
