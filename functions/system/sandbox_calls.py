"""What /eval and /run have in common: a program for the sandbox, and its outcome as a reply."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from utilsbot.context import Context
from utilsbot.discord.interaction import Attachment
from utilsbot.errors import BadInput, NotConfigured
from utilsbot.i18n import _, number
from utilsbot.markdown import code_block
from utilsbot.reply import Colour, Embed, Field, File, Reply

MAX_FILE_BYTES = 1024 * 1024
MEMORY_MB, MAX_OUTPUT_BYTES, MAX_FILES = 512, 256 * 1024, 10
"""The sandbox's own limits, for the texts. Its function shares no code with anything, so that
nothing of ours is in its reach; a test holds these to functions.sandbox."""
DEFAULT_TIMEOUT_S = 10
MAX_TIMEOUT_S = 15
_SHOWN = 900
"""Characters of each output in the message; longer ones travel as files."""

ISOLATION = (
    "Runs Python in a function of its own that holds no secret and no permission. Each run is a "
    f"fresh process in an empty folder: no network, no other programs or processes, {MEMORY_MB} MB "
    f"memory, {MAX_OUTPUT_BYTES // 1024} KB of each output, {MAX_FILES} files out. The standard "
    "library only. **Not offered**: other "
    "languages, and running inside the bot itself. Every use is in the audit trail, without the "
    "code."
)


class SandboxResult(NamedTuple):
    """How a program ended."""

    ended: str
    """`exit`, `timeout`, `output`, `signal`, `unconfined`."""
    exit_code: int | None
    stdout: str
    stderr: str
    value: str | None
    """The last expression's."""
    files: Mapping[str, bytes]
    left_out: int
    """Files that were too many or too large."""
    duration_ms: int
    cpu_ms: int
    peak_mb: int
    protections: tuple[str, ...]


class Sandbox(Protocol):
    """functions.system.sandboxes: Lambda's function, or the same code in a process here."""

    def run(
        self, code: str, *, stdin: str, files: Mapping[str, bytes], timeout_s: int
    ) -> SandboxResult:
        """Runs a program.

        Raises:
            ServiceError: the sandbox did not answer.
        """


class Files(Protocol):
    """Fetches what users attach."""

    def fetch(self, attachment: Attachment, max_bytes: int) -> bytes:
        """The file.

        Raises:
            UserError: it is larger.
            DownloadError: Discord did not hand it over.
        """


def ready(sandbox: Sandbox | None) -> Sandbox:
    """The sandbox. Raises: NotConfigured: the operator has not switched it on."""
    if sandbox is None:
        raise NotConfigured(_("Running code"))
    return sandbox


def source_of(code: str | None, file: tuple[str, bytes] | None) -> str:
    """The program of the options: what was typed, else the file.

    Raises:
        BadInput: there is none, or the file is no text.
    """
    if code is not None:
        return unfenced(code)
    if file is None:
        raise BadInput(_("Give `code`, or a `.py` file."), option="code")
    try:
        return file[1].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(_("The file is no UTF-8 text."), option="file") from None


def unfenced(code: str) -> str:
    """What is in a code fence of Discord's, or the text as it is."""
    text = code.strip()
    if not text.startswith("```"):
        return code
    inner = text[3:].removesuffix("```")
    first, newline, rest = inner.partition("\n")
    named = newline and (not first.strip() or first.strip().isalnum())
    return rest if named else inner


def answer(ctx: Context, result: SandboxResult) -> Reply:
    """The outcome: how it ended, value, outputs and files."""
    fields, files = [], []
    if result.value is not None:
        fields.append(Field(_("Value"), code_block(result.value[:_SHOWN], "py")))
    for name, title in (("stdout", _("Output")), ("stderr", _("Error output"))):
        text: str = getattr(result, name)
        if text:
            fields.append(Field(title, code_block(_tail(text))))
        if len(text) > _SHOWN:
            files.append(File(f"{name}.txt", text.encode(), "text/plain"))
    room = ctx.interaction.attachment_size_limit
    handed = {name: body for name, body in result.files.items() if len(body) <= room}
    files += [File(name.replace("/", "_"), body) for name, body in handed.items()]
    files, beyond = files[:MAX_FILES], len(files[MAX_FILES:])
    missing = result.left_out + beyond + len(result.files) - len(handed)
    if missing:
        text = _("{count}: too many or too large").format(count=missing)
        fields.append(Field(_("Files left behind"), text))
    embed = Embed(
        *_ending(result),
        tuple(fields),
        Colour.SUCCESS if result.exit_code == 0 else Colour.ERROR,
        _measured(result),
    )
    return Reply(embeds=(embed,), files=tuple(files))


def _ending(result: SandboxResult) -> tuple[str, str]:
    match result.ended:
        case "exit" if result.exit_code == 0:
            said = result.value is not None or result.stdout or result.stderr or result.files
            return _("Done"), "" if said else _("It ended well and wrote nothing.")
        case "exit":
            return _("Exit code {code}").format(code=result.exit_code), ""
        case "timeout":
            return _("Out of time"), _("It was still running when its time was over.")
        case "output":
            kilobytes = MAX_OUTPUT_BYTES // 1024
            text = _("It was ended after {kilobytes} KB.").format(kilobytes=kilobytes)
            return _("Too much output"), text
        case "unconfined":
            return _("Nothing was run"), _("This machine cannot confine a program as it should be.")
        case _:
            return _("Ended by a signal"), _("The system ended it, most likely for a limit.")


def _measured(result: SandboxResult) -> str:
    took, cpu = number(result.duration_ms), number(result.cpu_ms)
    used = f"{took} ms, CPU {cpu} ms, {number(result.peak_mb)} MB"
    if "syscalls" in result.protections or result.ended == "unconfined":
        return used
    warning = _("WITHOUT isolation: this platform has none.")
    return f"{used}. {warning}"


def _tail(text: str) -> str:
    """The end, where the error is."""
    return text if len(text) <= _SHOWN else "…" + text[-_SHOWN + 1 :]
