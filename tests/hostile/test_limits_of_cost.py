"""Nothing that strangers can cause in any number is without a limit in the template."""

import pytest

from tests.infra.template import FUNCTIONS, PARAMETERS, RESOURCES


def test_the_endpoint_has_a_rate() -> None:
    """API Gateway answers 429 beyond it, before any function runs; the operator sets it."""
    (api,) = (r["Properties"] for r in RESOURCES.values() if r["Type"].endswith("::HttpApi"))
    settings = api["DefaultRouteSettings"]

    for limit in ("ThrottlingRateLimit", "ThrottlingBurstLimit"):
        assert int(PARAMETERS[settings[limit]["Ref"]]["Default"]) <= 1000


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_worker_has_a_most(name: str) -> None:
    """At most so many of a group at once, however long its queue is."""
    for event in FUNCTIONS[name].get("Events", {}).values():
        if event["Type"] == "SQS":
            assert "MaximumConcurrency" in event["Properties"]["ScalingConfig"]
