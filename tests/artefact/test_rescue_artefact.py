"""The rescue, as it is built, under the real Lambda runtime."""

import base64
import json
import time
from pathlib import Path

import boto3
import pytest

from functions.catalog import CATALOG
from tests.artefact.builds import ROOT, Build
from tests.artefact.conftest import Start
from tests.artefact.events import sqs_event
from tests.artefact.webhooks import webhooks
from tests.interactions import APPLICATION_ID, command_interaction
from utilsbot.discord.snowflake import reference_id
from utilsbot.envelope import Envelope

pytestmark = [pytest.mark.artefact, pytest.mark.xdist_group("artefact-runtime")]

_KEY_NAME = "/test/failed-key"


def test_it_tells_the_user_and_seals_the_command(start: Start, queue_url: str, table: str) -> None:
    """A dead message becomes a PATCH with the reference id, a listed entry and a sealed row."""
    sqs, ssm = boto3.client("sqs"), boto3.client("ssm")
    key = base64.b64encode(bytes(32)).decode()
    ssm.put_parameter(Name=_KEY_NAME, Value=key, Type="SecureString", Overwrite=True)
    interaction = command_interaction("ip", options={"ip": "192.0.2.77"}, at=time.time())
    sqs.send_message(QueueUrl=queue_url, MessageBody=Envelope(interaction, time.time()).encode())
    (dead,) = sqs.receive_message(QueueUrl=queue_url, AttributeNames=["All"])["Messages"]

    with webhooks() as (api_url, received):
        rescue = start("RescueFunction", DiscordApiUrl=api_url, FailedKeyParameter=_KEY_NAME)
        assert rescue.invoke(sqs_event(dead)) == {"batchItemFailures": []}
        request = received.get(timeout=5)
        assert rescue.invoke(sqs_event(dead)) == {"batchItemFailures": []}

    hook = f"/api/v10/webhooks/{APPLICATION_ID}/{interaction['token']}/messages/@original"
    assert (request.method, request.path.partition("?")[0]) == ("PATCH", hook)
    assert reference_id(interaction["id"]).encode() in request.body
    assert received.empty()
    rows = boto3.client("dynamodb").scan(TableName=table)["Items"]
    kinds = sorted(row["sk"]["S"].partition("#")[0] for row in rows if "sealed" not in row)
    assert "FAILED" in kinds
    assert len([row for row in rows if "sealed" in row]) == 1
    for secret in ("192.0.2.77", interaction["token"]):
        assert secret not in repr(rows)
        assert secret not in rescue.log.read_text()


def test_the_sample_event_is_kept_as_garbage(start: Start) -> None:
    """events/rescue-garbage.json, for `sam local invoke`."""
    event = json.loads((ROOT / "events" / "rescue-garbage.json").read_text(encoding="utf-8"))

    assert start("RescueFunction").invoke(event) == {"batchItemFailures": []}


def test_it_holds_every_spec_and_no_other_handler(build: Build) -> None:
    """How a command was acknowledged is in its spec."""
    folder = build.code("RescueFunction")
    commands = (Path(str(module.function("__file__"))) for module in CATALOG)
    assert all((folder / path.relative_to(ROOT)).is_file() for path in commands)
    assert [p.parent.name for p in (folder / "functions").rglob("handler.py")] == ["rescue"]
