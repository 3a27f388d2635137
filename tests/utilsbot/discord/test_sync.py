"""The sync engine: what counts as a change, what is sent, and the bot-token API behind it."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import pytest

from tests.fakes import FakeClock
from utilsbot.discord.admin_rest import MAX_TRIES, AdminApi
from utilsbot.discord.guild import Guild
from utilsbot.discord.registration import registration
from utilsbot.discord.sync import (
    Changed,
    PlanOutdated,
    apply,
    for_guild,
    make_plan,
    plan,
    wanted,
)
from utilsbot.errors import DiscordError, RateLimited
from utilsbot.settings import Secret
from utilsbot.spec import Access, Choice, Command, Option

_TOKEN = "bot-token-that-nobody-sees"
_HASH = Command(
    "hash",
    "Digest a text",
    options=(
        Option("text", "What", required=True, max_length=100),
        Option("kind", "How", choices=(Choice("SHA-256", "sha256"), Choice("MD5", "md5"))),
    ),
)
_EVAL = Command("eval", "Run", access=Access.DEVELOPERS)
_DEVELOPERS = "400000000000000099"


def _registered(body: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What Discord makes of a registration: its own fields and its defaults filled in."""
    filled = json.loads(json.dumps(body))
    for at, command in enumerate(filled):
        command |= {"id": str(100 + at), "application_id": "1", "version": "9", "nsfw": False}
        command.setdefault("default_member_permissions", None)
        command.setdefault("name_localizations", None)
        command.setdefault("description_localizations", {})
        command.setdefault("options", [])
        command["dm_permission"] = True
        if command.get("contexts"):
            command["contexts"] = command["contexts"][::-1]
        for option in command["options"]:
            option.setdefault("required", False)
            option.setdefault("description_localizations", None)
    return filled  # type: ignore[no-any-return]


class Discord:
    """Keeps commands as Discord does."""

    def __init__(self, *known: Mapping[str, Any]) -> None:
        self.known = _registered(known)
        self.sent: list[tuple[str | None, list[Any]]] = []

    def commands(self, guild_id: str | None) -> list[dict[str, Any]]:
        return self.known

    def overwrite(
        self, guild_id: str | None, body: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        self.sent.append((guild_id, list(body)))
        self.known = _registered(body)
        return self.known


def test_what_discord_fills_in_is_no_change() -> None:
    """A registration that was applied is unchanged afterwards."""
    body = registration([_HASH, _EVAL])
    found = make_plan(_registered(body), body)

    assert not found.changes_anything
    assert found.unchanged == ("/eval", "/hash")


def test_each_difference_is_named() -> None:
    """By the path of its field, options and choices by their names."""
    text, kind = _HASH.options
    after = _HASH._replace(
        summary="Digest",
        options=(
            text._replace(max_length=200),
            kind._replace(choices=(Choice("SHA-256", "sha256"), Choice("SHA-1", "sha1"))),
            Option("more", "New"),
        ),
    )
    wanted = registration([after])
    wanted[0]["name_localizations"] = {"en-US": "hash", "de": "streuwert"}
    before = registration([_HASH])
    before[0]["name_localizations"] = {"en-US": "hash", "de": "prüfsumme"}
    found = make_plan(_registered(before), wanted)

    (changed,) = found.changed
    assert changed == Changed(
        "/hash",
        (
            "description",
            "name_localizations.de",
            "options.text.max_length",
            "options.kind.choices.MD5",
            "options.kind.choices.SHA-1",
            "options.more",
        ),
    )


def test_an_order_of_options_is_a_change() -> None:
    """Discord shows options as they come."""
    optional = _HASH._replace(options=(Option("a", "A"), Option("b", "B")))
    turned = optional._replace(options=optional.options[::-1])
    found = make_plan(_registered(registration([optional])), registration([turned]))

    assert found.changed == (Changed("/hash", ("options (order)",)),)


def test_new_and_removed_are_named() -> None:
    """Nothing is deleted silently."""
    found = make_plan(_registered(registration([_EVAL])), registration([_HASH]))

    assert (found.created, found.deleted) == (("/hash",), ("/eval",))


def test_an_activitys_entry_point_is_kept() -> None:
    """It is Discord's: an overwrite without it would delete it."""
    entry = {"type": 4, "name": "launch", "handler": 1, "id": "7"}
    found = make_plan([*_registered(registration([_HASH])), entry], registration([_HASH]))

    assert not found.changes_anything
    assert found.body[-1] == {"type": 4, "name": "launch", "handler": 1}


def test_an_empty_set_is_only_sent_on_purpose() -> None:
    """A guild without commands of its own gets a plan that says what it deletes."""
    body = wanted([_HASH, _EVAL], guild_id="5", developer_guild_id=_DEVELOPERS)
    found = make_plan(_registered(for_guild(registration([_HASH]))), body, "5")

    assert (body, found.deleted) == ([], ("/hash",))


def test_developers_commands_go_to_their_guild_only() -> None:
    """With one configured they are nowhere else; without one they are global."""

    def names(guild_id: str | None, developers: str | None) -> list[str]:
        body = wanted([_HASH, _EVAL], guild_id=guild_id, developer_guild_id=developers)
        return [command["name"] for command in body]

    assert names(None, _DEVELOPERS) == ["hash"]
    assert names(_DEVELOPERS, _DEVELOPERS) == ["eval"]
    assert names(None, None) == ["hash", "eval"]
    (command,) = wanted([_EVAL], guild_id=_DEVELOPERS, developer_guild_id=_DEVELOPERS)
    assert not {"contexts", "integration_types"} & command.keys()


def test_guild_commands_are_compared_without_what_only_global_ones_have() -> None:
    """Discord says contexts of guild commands too."""
    body = for_guild(registration([_EVAL]))
    theirs = [{**command, "contexts": None, "integration_types": [0]} for command in body]

    assert not make_plan(_registered(theirs), body, _DEVELOPERS).changes_anything


def test_a_plan_is_applied_once_and_whole() -> None:
    """One overwrite; the ids come back; then nothing is left to do."""
    discord = Discord(*registration([_EVAL]))
    shown = plan(discord, registration([_HASH, _EVAL]), None)

    assert apply(discord, shown) == {"hash": "100", "eval": "101"}
    assert len(discord.sent) == 1
    assert not plan(discord, registration([_HASH, _EVAL]), None).changes_anything


def test_another_plan_than_the_shown_one_is_not_applied() -> None:
    """Somebody registered something in between: nothing is sent."""
    discord = Discord()
    shown = plan(discord, registration([_HASH]), None)
    discord.known = _registered(registration([_EVAL]))

    with pytest.raises(PlanOutdated):
        apply(discord, shown)
    assert discord.sent == []


Step = httpx.Response | Exception


class Server:
    """A Discord that answers as told."""

    def __init__(self, *steps: Step | Callable[[httpx.Request], httpx.Response]) -> None:
        self.time = FakeClock()
        self.requests: list[httpx.Request] = []
        self._steps = list(steps)
        self.api = AdminApi(
            "https://discord.test/api/v10",
            Secret(_TOKEN),
            user_agent="DiscordBot (x, 1)",
            client=httpx.Client(transport=httpx.MockTransport(self._answer)),
            clock=self.time.clock,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        return step(request) if callable(step) else step


def _json(body: object, status: int = 200, **headers: str) -> Callable[..., httpx.Response]:
    return lambda request: httpx.Response(status, json=body, headers=headers)


def test_commands_are_asked_for_with_all_localisations() -> None:
    """The application's id is asked once; token and agent go with every call."""
    server = Server(_json({"id": "77"}), _json([{"name": "hash"}]))

    server.api.commands(None)
    server.api.commands("5")

    paths = [
        str(request.url).removeprefix("https://discord.test/api/v10") for request in server.requests
    ]
    assert paths == [
        "/applications/@me",
        "/applications/77/commands?with_localizations=true",
        "/applications/77/guilds/5/commands?with_localizations=true",
    ]
    headers = server.requests[-1].headers
    assert headers["authorization"] == f"Bot {_TOKEN}"
    assert headers["user-agent"] == "DiscordBot (x, 1)"


def test_an_overwrite_is_one_put() -> None:
    """With JSON as Discord wants it."""
    server = Server(_json({"id": "77"}), _json([{"name": "hash", "id": "1"}]))

    assert server.api.overwrite(None, [{"name": "hash"}]) == [{"name": "hash", "id": "1"}]
    request = server.requests[-1]
    assert (request.method, request.headers["content-type"]) == ("PUT", "application/json")
    assert json.loads(request.content) == [{"name": "hash"}]


def test_guilds_come_from_all_pages() -> None:
    """200 a page, each after the last one's id; sorted by name."""
    first = [{"id": str(n), "name": f"g{999 - n}"} for n in range(200)]
    server = Server(
        _json(first), _json([{"id": "200", "name": "A", "approximate_member_count": 5}])
    )

    guilds = server.api.guilds()

    assert len(guilds) == 201
    assert guilds[0] == Guild("200", "A", 5)
    assert "after=199" in str(server.requests[1].url)


def test_a_429_is_waited_out() -> None:
    """As long as Discord says."""
    server = Server(_json({"retry_after": 1.5}, 429), _json([]))

    assert server.api.guilds() == []
    assert server.time.slept == [1.5]


def test_a_long_429_is_told() -> None:
    """An invocation does not sleep for minutes."""
    with pytest.raises(RateLimited):
        Server(_json({"retry_after": 600}, 429)).api.guilds()


@pytest.mark.parametrize(
    "step", [_json({}, 503), httpx.ReadTimeout("slow"), httpx.ConnectError("no")]
)
def test_trouble_is_repeated_and_then_told(step: Any) -> None:
    """A few times with growing waits; the token is in no error."""
    server = Server(step)

    with pytest.raises(DiscordError) as caught:
        server.api.guilds()
    assert len(server.requests) == MAX_TRIES
    assert server.time.slept == [0.5, 1.0, 2.0]
    assert _TOKEN not in repr(caught.value) + str(caught.value)


def test_a_refusal_is_final_and_names_the_place() -> None:
    """Discord's word, without what was sent."""
    errors = {"0": {"name": {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": "secret"}]}}}
    body = {"code": 50035, "message": "Invalid Form Body", "errors": errors}
    server = Server(_json({"id": "77"}), _json(body, 400))

    with pytest.raises(DiscordError, match=r"0\.name: BASE_TYPE_BAD_LENGTH") as caught:
        server.api.overwrite(None, [{"name": ""}])
    assert (caught.value.status, caught.value.code) == (400, 50035)
    assert "secret" not in str(caught.value)
    assert len(server.requests) == 2


@pytest.mark.parametrize("body", [None, "text", {"no": "list"}])
def test_an_answer_of_another_form_is_an_error(body: object) -> None:
    """A proxy's page is no list of guilds."""
    with pytest.raises(DiscordError):
        Server(_json(body)).api.guilds()
