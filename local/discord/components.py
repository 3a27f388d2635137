"""What Discord accepts as components of messages.

Source: discord-api-docs, components/reference.mdx.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from local.discord.form import Path, Problems, as_list

MAX_TOTAL = 40
MAX_ROWS = 5
SELECTS = frozenset({3, 5, 6, 7, 8})
_TEXT_TOTAL = 4000


def between(minimum: int, maximum: int) -> StringConstraints:
    """A text of so many characters, measured after trimming."""
    return StringConstraints(strip_whitespace=True, min_length=minimum, max_length=maximum)


def upto(maximum: int) -> StringConstraints:
    """A text of at most so many characters."""
    return between(0, maximum)


class Strict(BaseModel):
    """Types as JSON has them; unknown keys are ignored, as Discord does."""

    model_config = ConfigDict(strict=True, extra="ignore")


class Emoji(Strict):
    """A partial emoji."""

    id: str | None = None
    name: str | None = None
    animated: bool | None = None


class Button(Strict):
    """Type 2."""

    style: Literal[1, 2, 3, 4, 5, 6]
    label: Annotated[str, upto(80)] | None = None
    emoji: Emoji | None = None
    custom_id: Annotated[str, between(1, 100)] | None = None
    url: Annotated[str, upto(512)] | None = None
    sku_id: str | None = None
    disabled: bool | None = None

    @model_validator(mode="after")
    def _fits_its_style(self) -> "Button":
        if self.style == 5 and (not self.url or self.custom_id):
            raise PydanticCustomError(
                "BUTTON_COMPONENT_INVALID", "A url, and no custom_id, is required"
            )
        if self.style < 5 and (not self.custom_id or self.url):
            raise PydanticCustomError(
                "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required"
            )
        if self.style < 6 and not self.label and not self.emoji:
            raise PydanticCustomError("BASE_TYPE_REQUIRED", "A label or an emoji is required")
        return self


class SelectOption(Strict):
    """One entry of a string select."""

    label: Annotated[str, between(1, 100)]
    value: Annotated[str, between(1, 100)]
    description: Annotated[str, upto(100)] | None = None
    emoji: Emoji | None = None
    default: bool | None = None


class Select(Strict):
    """Types 3 and 5 to 8."""

    type: Literal[3, 5, 6, 7, 8]
    custom_id: Annotated[str, between(1, 100)]
    options: Annotated[list[SelectOption], Field(min_length=1, max_length=25)] | None = None
    placeholder: Annotated[str, upto(150)] | None = None
    min_values: Annotated[int, Field(ge=0, le=25)] | None = None
    max_values: Annotated[int, Field(ge=1, le=25)] | None = None
    disabled: bool | None = None
    required: bool | None = None

    @model_validator(mode="after")
    def _ranges(self) -> "Select":
        options = self.options or []
        if self.type == 3 and not options:
            raise PydanticCustomError("BASE_TYPE_REQUIRED", "options are required")
        values = [option.value for option in options]
        if len(set(values)) < len(values):
            raise PydanticCustomError(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        low = 1 if self.min_values is None else self.min_values
        high = 1 if self.max_values is None else self.max_values
        if low > high or (options and high > len(options)):
            raise PydanticCustomError(
                "SELECT_COMPONENT_MAX_VALUES_INVALID", "min_values, max_values and options disagree"
            )
        return self


class TextDisplay(Strict):
    """Type 10."""

    content: Annotated[str, between(1, _TEXT_TOTAL)]


class Media(Strict):
    """An unfurled media item."""

    url: Annotated[str, between(1, 2048)]


class Thumbnail(Strict):
    """Type 11, and an item of a gallery."""

    media: Media
    description: Annotated[str, upto(1024)] | None = None
    spoiler: bool | None = None


class Gallery(Strict):
    """Type 12."""

    items: Annotated[list[Thumbnail], Field(min_length=1, max_length=10)]


class FileComponent(Strict):
    """Type 13."""

    file: Media
    spoiler: bool | None = None


class Separator(Strict):
    """Type 14."""

    divider: bool | None = None
    spacing: Literal[1, 2] | None = None


_LEAVES: Mapping[int, type[Strict]] = {
    2: Button,
    **dict.fromkeys(SELECTS, Select),
    10: TextDisplay,
    11: Thumbnail,
    12: Gallery,
    13: FileComponent,
    14: Separator,
}
_CHILDREN: Mapping[int, frozenset[int]] = {
    1: frozenset({2}) | SELECTS,
    9: frozenset({10}),
    17: frozenset({1, 9, 10, 12, 13, 14}),
}
_TOP_V1 = frozenset({1})
_TOP_V2 = frozenset({1, 9, 10, 12, 13, 14, 17})


def check_components(raw: Any, problems: Problems, *, v2: bool) -> None:
    """Notes what Discord would refuse in a message's `components`.

    `v2` says whether the message has the IS_COMPONENTS_V2 flag.
    """
    top = as_list(raw)
    at: Path = ("components",)
    if not v2 and len(top) > MAX_ROWS:
        problems.add(at, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {MAX_ROWS} in length.")
    for index, part in enumerate(top):
        _check(part, (*at, index), problems, _TOP_V2 if v2 else _TOP_V1)
    every = list(walk(top))
    if len(every) > MAX_TOTAL:
        problems.add(
            at, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"More than {MAX_TOTAL} components."
        )
    _check_ids(every, problems)
    shown = sum(len(str(part.get("content", ""))) for part in every if part.get("type") == 10)
    if shown > _TEXT_TOTAL:
        problems.add(
            at, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", f"More than {_TEXT_TOTAL} characters."
        )


def _check(part: Any, at: Path, problems: Problems, allowed: frozenset[int]) -> None:
    kind = part.get("type") if isinstance(part, Mapping) else None
    if not isinstance(kind, int) or kind not in allowed:
        choices = ", ".join(str(item) for item in sorted(allowed))
        problems.add(
            (*at, "type"), "UNION_TYPE_CHOICES", f"Value of field must be one of ({choices})."
        )
        return
    if kind in _LEAVES:
        problems.read(_LEAVES[kind], part, at)
        return
    children = as_list(part.get("components"))
    limit = {1: 5, 9: 3}.get(kind, MAX_TOTAL)
    if not 1 <= len(children) <= limit:
        problems.add(
            (*at, "components"), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {limit} in length."
        )
    if kind == 1 and len(children) > 1 and any(_type(child) in SELECTS for child in children):
        problems.add(
            (*at, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )
    for index, child in enumerate(children):
        _check(child, (*at, "components", index), problems, _CHILDREN[kind])
    if kind == 9:
        _check(part.get("accessory"), (*at, "accessory"), problems, frozenset({2, 11}))


def _check_ids(every: list[Mapping[str, Any]], problems: Problems) -> None:
    for key, code in (
        ("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ("id", "COMPONENT_ID_DUPLICATED"),
    ):
        values = [part[key] for part in every if part.get(key)]
        if len(set(map(str, values))) < len(values):
            problems.add(("components",), code, f"Component {key} cannot be duplicated")


def _type(part: Any) -> Any:
    return part.get("type") if isinstance(part, Mapping) else None


def walk(parts: Any) -> Iterator[Mapping[str, Any]]:
    """Every component, nested ones included."""
    for part in as_list(parts):
        if isinstance(part, Mapping):
            yield part
            yield from walk(part.get("components"))
            yield from walk([part[key] for key in ("accessory", "component") if part.get(key)])
