"""/load, /unload, /reload, /maintenance and /beta, and that a warm front door obeys."""

from types import ModuleType

import pytest

from functions.interactions.gate import Gate
from functions.system.commands import load, unload
from tests.fakes import FakeClock
from tests.functions.system.system_house import CATALOG, House, text_of
from tests.interactions import NOW, command_interaction, parsed
from utilsbot.aws import AwsClient
from utilsbot.catalog import Catalog, CommandModule
from utilsbot.context import Context
from utilsbot.errors import BadInput, Refused, UserError
from utilsbot.routing import route
from utilsbot.store.admissions import SWITCHES_LIFE_S, Admissions

_TOOLS = Catalog("functions.tools")


def test_a_group_is_switched_off_and_on(house: House) -> None:
    """With the reason that users see; both are in the trail."""
    off = house.call("unload", name="tools", reason="Back at noon.")
    assert "`tools` is off." in text_of(off)
    assert house.flags.state().off == {"tools": "Back at noon."}

    on = house.call("load", name="tools")
    assert "Nothing is off" in text_of(on)
    actions = [(c.action, c.subject, c.detail) for c in house.trail.recent(NOW).changes]
    assert actions == [
        ("load", ("group", "tools"), ""),
        ("unload", ("group", "tools"), "Back at noon."),
    ]


@pytest.mark.parametrize("typed", ["hash", "/hash", " Hash "])
def test_a_command_is_found_as_people_type_it(house: House, typed: str) -> None:
    """A slash, spaces and capitals are forgiven."""
    house.call("unload", name=typed)

    assert house.flags.state().off == {"hash": ""}


def test_what_is_so_already_is_said(house: House) -> None:
    """Nothing is noted twice."""
    assert "on already" in text_of(house.call("load", name="hash"))
    house.call("unload", name="hash", reason="a")
    assert "off already" in text_of(house.call("unload", name="hash", reason="a"))
    assert len(house.trail.recent(NOW).changes) == 1


@pytest.mark.parametrize("name", ["system", "load", "privacy"])
def test_the_way_back_stays_open(house: House, name: str) -> None:
    """Neither the group with /load nor /privacy can be switched off."""
    with pytest.raises(UserError, match="stays on"):
        house.call("unload", name=name)


def test_an_unknown_name_is_told(house: House) -> None:
    """With the groups that there are."""
    with pytest.raises(BadInput, match="`ai`, `system`, `tools`"):
        house.call("unload", name="nothing")


@pytest.mark.parametrize("module", [load, unload])
def test_names_are_suggested(module: ModuleType) -> None:
    """Groups first, then commands; developers' own ones are not for switching."""
    modules: list[CommandModule] = [*_TOOLS, *CATALOG]
    interaction = parsed(command_interaction("load", options={"name": "x"}))
    context = Context(interaction, NOW, "R", True)

    def names(partial: str) -> list[str]:
        found = module.complete_name(context, partial, visible=lambda ctx: modules)
        return [str(choice.value) for choice in found.choices]

    assert names("")[:2] == ["system", "tools"]
    assert names("/ha") == ["hash"]
    assert "eval" not in names("")


def test_a_reload_is_counted(house: House) -> None:
    """The version that workers compare goes up."""
    assert "reload 1" in text_of(house.call("reload"))
    assert "reload 2" in text_of(house.call("reload"))


def test_maintenance_has_a_text_and_an_end(house: House) -> None:
    """The status shows it."""
    house.call("maintenance", "on", text="Moving house.")
    assert "Moving house." in text_of(house.call("maintenance", "status"))
    assert "already" in text_of(house.call("maintenance", "on", text="Moving house."))
    house.call("maintenance", "off")
    assert "There is no maintenance" in text_of(house.call("maintenance", "off"))
    with pytest.raises(BadInput):
        house.call("maintenance", "on", text="   ")


def test_the_beta_is_a_switch(house: House) -> None:
    """Closed, open, and the setting's own word again."""
    for state, expected in (("closed", True), ("open", False), ("default", None)):
        house.call("beta", state=state)
        assert house.flags.state().closed_beta is expected
    assert "so already" in text_of(house.call("beta", state="default"))


def test_a_warm_front_door_obeys_within_its_20_s(
    house: House, aws: dict[str, str], fake_clock: FakeClock
) -> None:
    """A door that has just read the switches refuses the command before 30 s are over."""
    admissions = Admissions(AwsClient("dynamodb", aws, timeout_s=5), house.table, fake_clock.clock)
    gate = Gate(admissions, developers=frozenset(), closed_beta=False)

    def call(at: float) -> None:
        interaction = parsed(command_interaction("hash", options={"text": "x"}, at=at))
        gate.admit(interaction, route(interaction, _TOOLS))

    call(NOW)
    house.call("unload", name="hash", reason="Resting.")
    call(NOW + 1)
    fake_clock.advance(SWITCHES_LIFE_S + 1)
    with pytest.raises(Refused, match="Resting"):
        call(NOW + 2)
    assert SWITCHES_LIFE_S + 1 < 30
