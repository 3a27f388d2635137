"""Splits long Markdown where a reader would, so that no text is cut and every part renders alone.

Borders in order of preference: paragraph, line, sentence, word; those outside code blocks first. A
code block that goes on is closed at the end of a part and opened again, in its language, in the
next. What counts as a code block follows Discord's client: any ``` opens or closes one.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

MIN_LIMIT = 100
"""Below this a fence with its language could fill a whole part."""

_FENCE = "```"
_TOKEN = re.compile(r"```")
_LANGUAGE = re.compile(r"([A-Za-z0-9_+\-.#]{0,20})[^\S\n]{0,10}\n")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"[.!?…。！？][\"'”’)\]*_]{0,4}\s+|[。！？]")  # noqa: RUF001  CJK sentences end so
_SPACE = re.compile(r"\s+")


class Part(NamedTuple):
    """One part: a slice of the text, and what was put around it to keep code blocks whole."""

    opening: str
    text: str
    closing: str

    def __str__(self) -> str:
        """What is sent."""
        return self.opening + self.text + self.closing


class _Fence(NamedTuple):
    """One ``` of the text."""

    start: int
    end: int
    """Behind it; of an opening one, behind the line with its language."""
    opens: bool
    language: str


def split(text: str, limit: int) -> list[str]:
    """The parts as they are sent; the text itself if it fits.

    Args:
        text: Markdown.
        limit: characters (code points) a part, at least MIN_LIMIT.

    Raises:
        ValueError: the limit is too small.
    """
    return [str(part) for part in parts(text, limit)]


def first_part(text: str, limit: int) -> str:
    """The beginning of a text, at most `limit` characters, its code blocks closed."""
    return str(next(parts(text, limit)))


def parts(text: str, limit: int) -> Iterator[Part]:
    """The parts; their `text` put together is the text, white space included.

    Raises:
        ValueError: the limit is too small.
    """
    if limit < MIN_LIMIT:
        raise ValueError(f"a limit of {limit}, at least {MIN_LIMIT} is needed")
    if len(text) <= limit:
        yield Part("", text, "")
        return
    fences, start = list(_fences(text)), 0
    while True:
        opened = _open_at(fences, start)
        opening = f"{_FENCE}{opened.language}\n" if opened else ""
        end = _cut(text, fences, start, limit - len(opening))
        yield Part(opening, text[start:end], _closing(text, fences, end))
        if end == len(text):
            return
        start = end


def _fences(text: str) -> Iterator[_Fence]:
    opens = True
    for token in _TOKEN.finditer(text):
        line = _LANGUAGE.match(text, token.end()) if opens else None
        end, language = (line.end(), line[1]) if line else (token.end(), "")
        yield _Fence(token.start(), end, opens, language)
        opens = not opens


def _open_at(fences: list[_Fence], position: int) -> _Fence | None:
    """The fence whose block a cut at this position would fall into."""
    index = bisect_left(fences, position, key=_start)
    fence = fences[index - 1] if index else None
    return fence if fence and fence.opens else None


def _closing(text: str, fences: list[_Fence], end: int) -> str:
    if not _open_at(fences, end):
        return ""
    return _FENCE if text.endswith("\n", 0, end) else "\n" + _FENCE


def _cut(text: str, fences: list[_Fence], start: int, budget: int) -> int:
    """Where the part that begins at `start` ends."""
    if len(text) - start + len(_closing(text, fences, len(text))) <= budget:
        return len(text)
    stop = min(start + budget, len(text))

    def fits(end: int) -> bool:
        return (
            start < end
            and end - start + len(_closing(text, fences, end)) <= budget
            and not _beside_fence(fences, end)
        )

    def last(border: re.Pattern[str], low: int, *, outside_code: bool = False) -> int | None:
        found = None
        for match in border.finditer(text, low, stop):
            end = match.end()
            if fits(end) and not (outside_code and _open_at(fences, end)):
                found = end
        return found

    half = start + budget // 2
    for border, outside_code in (
        (_PARAGRAPH, True),
        (_LINE, True),
        (_PARAGRAPH, False),
        (_LINE, False),
        (_SENTENCE, False),
        (_SPACE, False),
    ):
        if found := last(border, half, outside_code=outside_code):
            return found
    for border in (_LINE, _SPACE):  # rather a short part than a broken word
        if found := last(border, start):
            return found
    candidates = [end for end in range(stop, max(start, stop - 128), -1) if fits(end)]
    whole = (end for end in candidates if not _inside_grapheme(text, end))
    return next(whole, candidates[0])


def _start(fence: _Fence) -> int:
    return fence.start


def _beside_fence(fences: list[_Fence], position: int) -> bool:
    """Whether a cut here would break a fence, or leave an empty code block beside it."""
    opened = _open_at(fences, position)
    if opened and position <= opened.end:
        return True
    index = bisect_right(fences, position, key=_start)
    fence = fences[index - 1] if index else None
    return fence is not None and not fence.opens and position < fence.end


def _inside_grapheme(text: str, position: int) -> bool:
    """Whether a cut here would take an emoji or an accented letter apart."""
    if not 0 < position < len(text):
        return False
    import unicodedata  # loaded for the rare text that has no border at all

    before, after = text[position - 1], text[position]
    if "\u200d" in (before, after) or unicodedata.category(after).startswith("M"):
        return True  # joined by a zero-width joiner; combining marks and variation selectors
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True  # skin tones; tags, of which some flags are made
    if before == "\r" and after == "\n":
        return True
    flags = 0  # regional indicators come in pairs
    while _is_regional(text[position - flags - 1 : position - flags]):
        flags += 1
    return _is_regional(after) and flags % 2 == 1


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
