"""The network group's settings."""

import pytest

from functions.network.settings import NetworkSettings
from utilsbot.settings import BadSettings


def test_nothing_has_to_be_set() -> None:
    """The services' own addresses, no keys, sane limits, and no exception for anybody."""
    settings = NetworkSettings.from_env({})

    assert settings.ip_api_url == "http://ip-api.com"
    assert (settings.screenshotone_parameter, settings.apiflash_parameter) == ("", "")
    assert (settings.screenshots_a_day, settings.screenshots_at_once) == (200, 4)
    assert settings.guard_allow == frozenset()


def test_exceptions_for_stand_ins_are_sockets() -> None:
    """Addresses with ports; names would be resolved by somebody."""
    settings = NetworkSettings.from_env({"GUARD_ALLOW": "127.0.0.1:8080, [::1]:8081"})

    assert settings.guard_allow == {("127.0.0.1", 8080), ("::1", 8081)}


def test_every_bad_value_is_named() -> None:
    """At once, so that one deployment mends them all."""
    bad = {"GUARD_ALLOW": "localhost:80", "SCREENSHOTS_A_DAY": "many", "IP_API_URL": "ip-api.com"}
    with pytest.raises(BadSettings) as caught:
        NetworkSettings.from_env(bad)

    assert len(caught.value.problems) == 3
    assert all(any(name in problem for problem in caught.value.problems) for name in bad)
