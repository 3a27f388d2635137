"""events/ and scripts.sam_local: what `sam local` is given, tried under Lambda's own runtime.

A container engine is missing here, so `sam local` itself is followed as far as it goes without one.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import sample_events
from scripts.sam_local import SamLocal, declared
from tests.artefact.builds import OWN, ROOT, SHIPPED_HERE, Build, find_build
from tests.artefact.emulator import Emulator, emulator_path, function_environment, link_client
from tests.infra.template import FUNCTIONS
from utilsbot.envelope import Envelope

EVENTS = ROOT / "events"
_SAM = ROOT / ".tools" / "sam" / "bin" / "sam"
_WORKERS = {group: f"{group.title()}Function" for group in sample_events.LINES}


def _event(name: str, folder: Path = EVENTS) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def test_the_samples_are_current(tmp_path: Path) -> None:
    """`python -m scripts.sample_events` writes what is there: no spec or envelope is older."""
    sample_events.write(tmp_path, sample_events.SAMPLE_TIME)
    for file in tmp_path.iterdir():
        assert (EVENTS / file.name).read_text(encoding="utf-8") == file.read_text(encoding="utf-8")


def test_every_function_has_a_sample() -> None:
    """Named by its group."""
    groups = {name.removesuffix("Function").lower() for name in FUNCTIONS}
    assert {path.name.partition("-")[0] for path in EVENTS.glob("*.json")} == groups


@pytest.mark.parametrize("group", sample_events.LINES)
def test_a_sample_message_is_an_envelope_of_this_version(group: str) -> None:
    """With the command that the sample is named by."""
    command = sample_events.LINES[group][1:].partition(" ")[0]
    (record,) = _event(f"{group}-{command}")["Records"]
    assert Envelope.decode(record["body"]).interaction["data"]["name"] == command


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SamLocal, Path]]:
    """What `make sam-local` serves and writes."""
    folder = tmp_path_factory.mktemp("sam-local")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    local = SamLocal(folder)
    try:
        asyncio.run_coroutine_threadsafe(local.start(), loop).result(60)
        yield local, folder
    finally:
        asyncio.run_coroutine_threadsafe(local.stop(), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def build() -> Build:
    """The build that this machine can run."""
    return find_build(OWN)


@pytest.mark.artefact
@pytest.mark.xdist_group("artefact-runtime")
@pytest.mark.parametrize("function", ["InteractionsFunction", *_WORKERS.values()])
def test_fresh_events_and_the_env_file_work_under_the_real_runtime(
    prepared: tuple[SamLocal, Path], build: Build, tmp_path: Path, function: str
) -> None:
    """As a container of `sam local` would have them: artefact, layers, env.json, event."""
    local, folder = prepared
    client = tmp_path / "client"
    client.mkdir()
    variables = dict(_event("env", folder)[function])
    environment = function_environment(
        [*build.everything(function), link_client(client)], variables, aws_url=local.aws_url
    )
    handler = FUNCTIONS[function]["Handler"]
    log = tmp_path / "log.txt"
    emulator = Emulator(emulator_path(), handler, environment, log)
    sample_events.write(folder, time.time())
    try:
        if function == "InteractionsFunction":
            pong = emulator.invoke(_event("interactions-ping", folder))
            assert json.loads(pong["body"]) == {"type": 1}
            deferred = emulator.invoke(_event("interactions-hash", folder))
            assert json.loads(deferred["body"])["type"] == 5, log.read_text()
            assert emulator.invoke(_event("interactions-hash"))["statusCode"] == 401  # too old
        else:
            group = function.removesuffix("Function").lower()
            command = sample_events.LINES[group][1:].partition(" ")[0]
            answer = emulator.invoke(_event(f"{group}-{command}", folder))
            assert answer == {"batchItemFailures": []}, log.read_text()
            assert '"outcome":"ok"' in log.read_text().replace('": "', '":"'), log.read_text()
    finally:
        emulator.stop()


@pytest.mark.artefact
def test_sam_local_gets_as_far_as_the_container_engine(
    prepared: tuple[SamLocal, Path], tmp_path: Path
) -> None:
    """Template, function, event and env file are understood; only the engine is missing here."""
    local, folder = prepared
    build = find_build(SHIPPED_HERE)
    if not _SAM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("the SAM CLI is not here: run `make sam`")
        pytest.skip("the SAM CLI is not here: run `make sam`")
    template = tmp_path / "template.yaml"
    built = yaml.safe_load((build.folder / "template.yaml").read_text(encoding="utf-8"))
    for resource in built["Resources"].values():
        for key in ("CodeUri", "ContentUri", "TemplateURL"):
            if key in resource.get("Properties", {}):
                resource["Properties"][key] = str(build.folder / resource["Properties"][key])
    template.write_text(yaml.safe_dump(declared(built, local.env)), encoding="utf-8")
    done = subprocess.run(
        [
            *(str(_SAM), "local", "invoke", "ToolsFunction", "--template", str(template)),
            *("--event", str(folder / "tools-hash.json"), "--skip-pull-image"),
            *("--env-vars", str(folder / "env.json"), "--docker-network", "host"),
        ],
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(tmp_path),
            "DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock",
            "SAM_CLI_TELEMETRY": "0",
            "AWS_DEFAULT_REGION": "us-east-1",
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "container runtime" in done.stderr.lower() or "docker" in done.stderr.lower(), (
        done.stderr
    )
    assert "not found in template" not in done.stderr
