"""/run: a Python program in the sandbox, with a file, input and a time of its own."""

from functions.system.noting import Trail, change, counted
from functions.system.sandbox_calls import (
    DEFAULT_TIMEOUT_S,
    ISOLATION,
    MAX_FILE_BYTES,
    MAX_TIMEOUT_S,
    Files,
    Sandbox,
    answer,
    ready,
    source_of,
)
from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.reply import Reply
from utilsbot.spec import Access, Command, Option, OptionType, Visibility

SPEC = Command(
    name="run",
    summary="Run a Python program in the sandbox, with a file and input",
    options=(
        Option("code", "Python, with or without a code fence", max_length=6000),
        Option(
            "file", "A file for the program, or without code the program", OptionType.ATTACHMENT
        ),
        Option("stdin", "What the program reads", default="", max_length=6000),
        Option(
            "timeout",
            f"Seconds (default: {DEFAULT_TIMEOUT_S})",
            OptionType.INTEGER,
            default=DEFAULT_TIMEOUT_S,
            min_value=1,
            max_value=MAX_TIMEOUT_S,
        ),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    requires=("sandbox",),
    help=f"{ISOLATION} A file that is attached beside `code` lies in the program's folder under "
    "its name; files that the program makes or changes come back.",
    examples=(
        "/run code:print(6*7)",
        "/run code:open('out.txt','w').write('made here')",
        "/run code:while True: pass timeout:1",
    ),
)
_INPUT = "input"


def run(
    ctx: Context,
    *,
    code: str | None,
    file: Attachment | None,
    stdin: str,
    timeout: int,
    sandbox: Sandbox | None,
    files: Files,
    trail: Trail,
) -> Reply:
    """Runs it, noted first."""
    box = ready(sandbox)
    attached = (file.filename, files.fetch(file, MAX_FILE_BYTES)) if file else None
    source = source_of(code, attached)
    given = {_plain(attached[0]): attached[1]} if attached and code is not None else {}
    detail = counted(characters=len(source), files=len(given), seconds=timeout)
    trail.commit([], change(ctx, "run", detail=detail))
    return answer(ctx, box.run(source, stdin=stdin, files=given, timeout_s=timeout))


def _plain(name: str) -> str:
    """A file name without folders."""
    last = name.replace("\\", "/").rpartition("/")[2].replace("\0", "")
    return last[-100:] if last not in {"", ".", ".."} else _INPUT
