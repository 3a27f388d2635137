"""/eval: a few lines of Python in the sandbox, and the value of the last one."""

from functions.system.noting import Trail, change, counted
from functions.system.sandbox_calls import (
    DEFAULT_TIMEOUT_S,
    ISOLATION,
    MAX_FILE_BYTES,
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
    name="eval",
    summary="Run a few lines of Python in the sandbox and show the last value",
    options=(
        Option("code", "Python, with or without a code fence", max_length=6000),
        Option("file", "Or a .py file of up to 1 MB", OptionType.ATTACHMENT),
        Option("stdin", "What the program reads", default="", max_length=6000),
    ),
    visibility=Visibility.PRIVATE,
    access=Access.DEVELOPERS,
    requires=("sandbox",),
    help=f"{ISOLATION} Ten seconds; `/run` has more to choose.",
    examples=("/eval code:sum(range(10))", "/eval code:input().upper() stdin:hello"),
)


def run(
    ctx: Context,
    *,
    code: str | None,
    file: Attachment | None,
    stdin: str,
    sandbox: Sandbox | None,
    files: Files,
    trail: Trail,
) -> Reply:
    """Runs it, noted first."""
    box = ready(sandbox)
    attached = (file.filename, files.fetch(file, MAX_FILE_BYTES)) if file and not code else None
    source = source_of(code, attached)
    trail.commit([], change(ctx, "eval", detail=counted(characters=len(source))))
    result = box.run(source, stdin=stdin, files={}, timeout_s=DEFAULT_TIMEOUT_S)
    return answer(ctx, result)
