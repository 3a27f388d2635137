"""/eval and /run, from Discord's JSON through both ways to the sandbox to the reply."""

import json
from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from functions.sandbox import folder, runner
from functions.sandbox import wire as sandbox_wire
from functions.sandbox.handler import handle
from functions.system import sandbox_calls
from functions.system.sandbox_calls import SandboxResult, unfenced
from functions.system.sandboxes import LambdaSandbox, LocalSandbox, invoke_config
from tests.answers import AttachedFiles, embed_of, field_of, file_of
from tests.functions.system.system_house import DEVELOPER, House, text_of
from tests.interactions import NOW, attachment, command_interaction
from utilsbot.errors import BadInput, NotConfigured, ServiceError, UserError
from utilsbot.reply import Colour, Reply

_GOOD = SandboxResult("exit", 0, "", "", None, {}, 0, 12, 10, 14, ("limits", "syscalls"))


def test_the_texts_know_the_sandboxes_limits() -> None:
    """The two functions share no code, so their limits are held together here."""
    limits = (sandbox_calls.MEMORY_MB, sandbox_calls.MAX_OUTPUT_BYTES, sandbox_calls.MAX_FILES)

    assert limits == (runner.MEMORY_MB, runner.MAX_OUTPUT_BYTES, folder.MAX_FILES)
    assert sandbox_calls.MAX_TIMEOUT_S <= sandbox_wire.MAX_TIMEOUT_S


class Box:
    """Answers as told and notes what was to be run."""

    def __init__(self, **parts: Any) -> None:
        self.result = _GOOD._replace(**parts)
        self.runs: list[tuple[str, str, Mapping[str, bytes], int]] = []

    def run(
        self, code: str, *, stdin: str, files: Mapping[str, bytes], timeout_s: int
    ) -> SandboxResult:
        self.runs.append((code, stdin, files, timeout_s))
        return self.result


class Fetcher:
    """What users attach."""

    def __init__(self, **files: bytes) -> None:
        self._files = AttachedFiles(**files)

    def fetch(self, attachment: Any, max_bytes: int) -> bytes:
        return self._files.fetch(attachment, max_bytes=max_bytes)


def _call(house: House, name: str, *, file: str | None = None, **options: Any) -> Reply:
    attached = {"file": attachment(file)} if file else None
    body = command_interaction(name, options=options, attachments=attached, user_id=DEVELOPER)
    return house.answer(body)


@pytest.mark.parametrize("name", ["eval", "run"])
def test_it_is_off_unless_switched_on(house: House, name: str) -> None:
    """And nothing is noted."""
    house.ports["files"] = Fetcher()
    with pytest.raises(NotConfigured):
        _call(house, name, code="1")
    assert house.trail.recent(NOW).changes == ()


def test_a_value_is_shown(house: House) -> None:
    """With how long it took."""
    box = house.ports["sandbox"] = Box(value="'42'", stdout="out\n", stderr="err\n")
    house.ports["files"] = Fetcher()

    reply = _call(house, "eval", code="```py\n'4' + '2'\n```", stdin="in")

    assert box.runs == [("'4' + '2'\n", "in", {}, 10)]
    assert "'42'" in field_of(reply, "Value")
    assert "out" in field_of(reply, "Output")
    assert "err" in field_of(reply, "Error output")
    assert embed_of(reply).footer == "12 ms, CPU 10 ms, 14 MB"
    assert embed_of(reply).colour == Colour.SUCCESS


def test_every_use_is_noted_without_the_code(house: House) -> None:
    """Before it runs."""
    house.ports |= {"sandbox": Box(), "files": Fetcher()}

    _call(house, "eval", code="print('s3cret')")

    (entry,) = house.trail.recent(NOW).changes
    assert (entry.action, entry.actor_id, entry.detail) == ("eval", DEVELOPER, "characters=15")
    assert "s3cret" not in repr(house.rows())


def test_a_file_beside_code_is_the_programs(house: House) -> None:
    """Under its name, with the time that was asked for."""
    box = house.ports["sandbox"] = Box()
    house.ports["files"] = Fetcher(data_csv=b"1,2")

    _call(house, "run", code="1", timeout=3, file="data.csv")

    assert box.runs == [("1", "", {"data.csv": b"1,2"}, 3)]


@pytest.mark.parametrize("name", ["eval", "run"])
def test_a_file_without_code_is_the_program(house: House, name: str) -> None:
    """As UTF-8, with or without a byte order mark."""
    box = house.ports["sandbox"] = Box()
    house.ports["files"] = Fetcher(code_py="\ufeffprint('é')".encode())

    _call(house, name, file="code.py")

    assert box.runs[0][0] == "print('é')"


def test_what_cannot_be_run_is_told(house: House) -> None:
    """Nothing at all, no text, too large."""
    house.ports |= {"sandbox": Box(), "files": Fetcher(code_py=b"\xff\xfe", big_py=b"x" * 2**20)}
    with pytest.raises(BadInput, match="Give `code`"):
        _call(house, "run")
    with pytest.raises(BadInput, match="UTF-8"):
        _call(house, "run", file="code.py")
    house.ports["files"] = Fetcher(big_py=b"x" * (2**20 + 1))
    with pytest.raises(UserError, match="bytes"):
        _call(house, "run", file="big.py")


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({}, "Done"),
        ({"exit_code": 3}, "Exit code 3"),
        ({"ended": "timeout", "exit_code": None}, "Out of time"),
        ({"ended": "output", "exit_code": None}, "Too much output"),
        ({"ended": "signal", "exit_code": None}, "Ended by a signal"),
        ({"ended": "unconfined", "exit_code": None, "protections": ()}, "Nothing was run"),
    ],
)
def test_each_end_has_its_words(house: House, parts: dict[str, Any], title: str) -> None:
    """Failing is told from succeeding."""
    house.ports |= {"sandbox": Box(**parts), "files": Fetcher()}

    embed = embed_of(_call(house, "run", code="1"))

    assert embed.title == title
    assert (embed.colour == Colour.SUCCESS) == (title == "Done")


def test_a_machine_without_isolation_is_named(house: House) -> None:
    """On a laptop without seccomp the developer hears it each time."""
    house.ports |= {"sandbox": Box(protections=("limits",)), "files": Fetcher()}

    assert "WITHOUT isolation" in text_of(_call(house, "run", code="1"))


def test_long_output_travels_as_a_file(house: House) -> None:
    """Its end is in the message, because errors are there."""
    house.ports |= {"sandbox": Box(stdout="a" * 5000 + "END"), "files": Fetcher()}

    reply = _call(house, "run", code="1")

    assert "END" in field_of(reply, "Output")
    assert len(file_of(reply).content) == 5003


def test_files_come_back(house: House) -> None:
    """Ten at the most, and what is left behind is counted."""
    made = {f"sub/{n}": b"x" for n in range(10)}
    house.ports |= {"sandbox": Box(files=made, left_out=2, stdout="a" * 1000), "files": Fetcher()}

    reply = _call(house, "run", code="1")

    assert [file.name for file in reply.files] == ["stdout.txt", *(f"sub_{n}" for n in range(9))]
    assert field_of(reply, "Files left behind").startswith("3:")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 + 1", "1 + 1"),
        ("```\n1\n```", "1\n"),
        ("```python\n1\n```", "1\n"),
        ("```py\n1", "1"),
        ("```1 + 1```", "1 + 1"),
        ("  ```py\nx = '```'\nx\n```  ", "x = '```'\nx\n"),
        ("x = 1\ny", "x = 1\ny"),
    ],
)
def test_code_fences_are_taken_off(typed: str, meant: str) -> None:
    """With and without a language, closed or not, and never a character of the code."""
    assert unfenced(typed) == meant


def test_the_local_way_runs_the_same_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own, with nothing of this one's environment."""
    monkeypatch.setenv("DISCORD_BOT_TOKEN", "s3cret")
    code = "import os\nopen('out', 'wb').write(open('in', 'rb').read()[::-1])\nsorted(os.environ)"

    result = LocalSandbox().run(code, stdin="", files={"in": b"ab"}, timeout_s=5)

    assert (result.ended, result.exit_code, result.files) == ("exit", 0, {"out": b"ba"})
    assert "DISCORD" not in (result.value or "")


class Client:
    """Lambda's client, which runs the handler here or fails as told."""

    def __init__(self, trouble: Exception | None = None, **answer: Any) -> None:
        self.trouble, self.answer = trouble, answer

    def invoke(self, **request: Any) -> dict[str, Any]:
        if self.trouble:
            raise self.trouble
        if self.answer:
            body = self.answer.pop("body")
            return {"Payload": BytesIO(json.dumps(body).encode()), **self.answer}
        body = handle(json.loads(request["Payload"]), None)
        return {"Payload": BytesIO(json.dumps(body).encode())}


def _lambda(client: Client) -> SandboxResult:
    box = LambdaSandbox(client, "sandbox")  # type: ignore[arg-type]
    return box.run("input() + '!'", stdin="hi", files={"a": b"b"}, timeout_s=5)


def test_the_way_through_lambda() -> None:
    """What goes in is what the handler takes, and comes back whole."""
    assert _lambda(Client()).value == "'hi!'"


def test_a_sandbox_that_died_is_an_outcome() -> None:
    """Out of memory or time is the program's doing."""
    died = Client(body={"errorType": "Runtime.ExitError"}, FunctionError="Unhandled")
    assert _lambda(died).ended == "signal"
    late = Client(body={"errorType": "Sandbox.Timedout"}, FunctionError="Unhandled")
    assert _lambda(late).ended == "timeout"


@pytest.mark.parametrize(
    "client",
    [
        Client(ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")),
        Client(ReadTimeoutError(endpoint_url="x")),
        Client(body={"error": "bad request"}),
        Client(body={"files": {}}),
        Client(body={"files": {"a": b64encode(b"x").decode()}, "ended": "exit"}),
    ],
)
def test_a_sandbox_that_does_not_answer_is_told(client: Client) -> None:
    """As a service that failed, with nothing of the program."""
    with pytest.raises(ServiceError, match=r"^sandbox: "):
        _lambda(client)


def test_a_program_is_never_run_twice_by_a_retry() -> None:
    """The client asks once and waits for the whole time."""
    config = invoke_config()
    assert config["retries"]["total_max_attempts"] == 1
    assert config["read_timeout"] > 20
