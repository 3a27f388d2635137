"""Every command registers with Discord."""

from collections import Counter

import pytest

from functions.catalog import CATALOG
from tests.contract.discord_schema import assert_registration, locales
from utilsbot.catalog import CommandModule
from utilsbot.discord.command_limits import LOCALES
from utilsbot.discord.registration import registration, to_payload

COMMANDS = list(CATALOG)


@pytest.mark.parametrize("command", COMMANDS, ids=[found.spec.name for found in COMMANDS])
def test_each_command_registers(command: CommandModule) -> None:
    """Each command's registration is one that Discord takes."""
    assert_registration([to_payload(command.spec)])


def test_all_commands_register_together() -> None:
    """The bulk overwrite of the whole catalog is one that Discord takes."""
    payloads = registration(command.spec for command in COMMANDS)
    assert_registration(payloads)
    assert max(Counter(payload["name"] for payload in payloads).values()) == 1


def test_the_locales_are_discords() -> None:
    """Our list of locales is the one of Discord's document."""
    assert locales() == LOCALES
