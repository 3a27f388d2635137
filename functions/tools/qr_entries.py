"""How /qr shows the codes that it read: whole, as a file, or withheld where others would see."""

from typing import NamedTuple

from functions.tools.qr_codes import Found
from functions.tools.qr_payload import Payload, Purpose, understand
from functions.tools.source import in_characters
from utilsbot.i18n import N_, _, ngettext, number
from utilsbot.markdown import code_block, inline_code, is_exact
from utilsbot.reply import Field, File

_MAX_SHOWN = 900
"""Characters of one code's text that a field holds."""
_MAX_LINK = 80


class Entry(NamedTuple):
    """How one code is shown."""

    field: Field
    file: File | None = None
    is_link: bool = False


_WITHHELD = {
    Purpose.WIFI: N_(
        "It holds a Wi-Fi login, which others here would see. Use `/qr read` again without "
        "`private:false`."
    ),
    Purpose.ONE_TIME_CODES: N_(
        "It holds a secret of one-time codes, which others here would see. Use `/qr read` again "
        "without `private:false`."
    ),
}


def entry_of(code: Found, name: str, room: int, *, private: bool) -> Entry:
    """A code as a field, and as a file where a field cannot show all of it."""
    payload = understand(code.text or code.content.decode(errors="replace"))
    if payload.purpose.is_secret and not private:
        heading = _("{kind} · withheld").format(kind=code.kind)
        return Entry(Field(heading, _(_WITHHELD[payload.purpose])))
    if code.text is None:
        count = len(code.content)
        told = ngettext(
            "{count} byte that is not text, attached as `{file}`.",
            "{count} bytes that are not text, attached as `{file}`.",
            count,
        ).format(count=number(count), file=f"{name}.bin")
        return Entry(Field(code.kind, told), File(f"{name}.bin", code.content))
    block, file = code_block(code.text), None
    if len(block) > min(_MAX_SHOWN, room) or not is_exact(code.text):
        file = File(f"{name}.txt", code.text.encode(), "text/plain; charset=utf-8")
        block = _("{characters}, attached as `{file}`.").format(
            characters=in_characters(len(code.text)), file=f"{name}.txt"
        )
    field = Field(code.kind, f"{block}\n{_comment(payload)}".strip())
    return Entry(field, file, is_link=payload.purpose is Purpose.LINK)


def _comment(payload: Payload) -> str:
    """What to know about a text before using it."""
    if payload.purpose is Purpose.LINK:
        link = f": <{payload.text}>" if len(payload.text) <= _MAX_LINK else ""
        return _("A link to {host}").format(host=inline_code(payload.host)) + link
    if payload.purpose is Purpose.WIFI:
        return _("A Wi-Fi login, often with its password: only you see it here.")
    if payload.purpose is Purpose.ONE_TIME_CODES:
        return _("Whoever has this secret can make your log-in codes: only you see it here.")
    return ""
