"""events/: the samples for `sam local invoke` are events that the functions understand."""

import json
from typing import Any

import pytest

from tests.artefact.builds import ROOT
from utilsbot.envelope import Envelope


def _event(name: str) -> Any:
    return json.loads((ROOT / "events" / name).read_text(encoding="utf-8"))


def test_the_sample_message_is_an_envelope_of_this_version() -> None:
    """A change of the envelope's form is a change of the sample."""
    (record,) = _event("tools-hash.json")["Records"]
    assert Envelope.decode(record["body"]).interaction["data"]["name"] == "hash"


@pytest.mark.parametrize("header", ["x-signature-ed25519", "x-signature-timestamp"])
def test_the_sample_request_has_what_discord_sends(header: str) -> None:
    """Its signature fits nothing, so every answer is 401."""
    event = _event("interactions-unsigned.json")
    assert event["version"] == "2.0"
    assert event["headers"][header]
