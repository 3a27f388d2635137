"""ministack, an AWS that runs the functions too, as a process of its own: `make rehearse`.

It lives in .tools/ministack (`make ministack`), because it pins its own botocore. With
`enforce_iam` it gives each function the credentials of its role and refuses what the role's
policies do not allow.
"""

import asyncio
import os
from pathlib import Path

from local import ROOT
from local.aws import AwsFailed
from local.process import MINIMAL_PATH
from local.serving import HOST, free_port
from local.template import ACCOUNT_ID, REGION

INTERPRETER = ROOT / ".tools" / "ministack" / "bin" / "python"
SECRET_KEY = "rehearsal"  # noqa: S105 - of an AWS that exists for minutes, on loopback
_START_TIMEOUT_S = 60.0


def credentials(url: str) -> dict[str, str]:
    """The variables that let boto3 and the SAM CLI act as the account's owner there."""
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": ACCOUNT_ID,  # ministack: an account's number is its root's key
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }


class MiniStack:
    """A running ministack."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        """Use `start`."""
        self._process = process
        self.port = port
        self.url = f"http://{HOST}:{port}"

    @classmethod
    async def start(cls, folder: Path, *, enforce_iam: bool = False) -> "MiniStack":
        """Answers requests when it returns.

        Args:
            folder: for its log and its temporary files; it exists.
            enforce_iam: whether signatures and policies count.

        Raises:
            AwsFailed: it is not installed, or did not come up; with its last lines.
        """
        if not INTERPRETER.exists():
            raise AwsFailed("ministack is not here: run `make ministack`")
        port, log = free_port(), folder / "ministack.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                # local.child ends it with us; the functions, which inherit the environment, must
                # not find the repository's modules, so there is no PYTHONPATH.
                *(str(INTERPRETER), "-m", "local.child", "ministack"),
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                env=_environment(port, folder, enforce_iam=enforce_iam),
                cwd=ROOT,
                start_new_session=True,
            )
        started = cls(process, port)
        try:
            async with asyncio.timeout(_START_TIMEOUT_S):
                await started._wait()
        except (AwsFailed, TimeoutError):
            await started.stop()
            lines = log.read_text(errors="replace").splitlines()[-20:]
            raise AwsFailed("ministack did not start:\n" + "\n".join(lines)) from None
        return started

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    async def stop(self) -> None:
        """Ends it and the functions that it runs; everything in it is gone."""
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 10)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def _wait(self) -> None:
        while True:
            if self._process.returncode is not None:
                raise AwsFailed
            try:
                _, writer = await asyncio.open_connection(HOST, self.port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return


def _environment(port: int, folder: Path, *, enforce_iam: bool) -> dict[str, str]:
    return {
        "PATH": MINIMAL_PATH,
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "TMPDIR": str(folder),
        "BIND_HOST": HOST,  # without it, every interface
        "GATEWAY_PORT": str(port),
        "AUTH": "true" if enforce_iam else "false",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCOUNT_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "SFTP_ENABLED": "0",  # listeners of services that nobody here uses
        "IOT_MTLS_ENABLED": "0",
    }
